"""What several commands take, and where they print."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Folder = Annotated[Path, typer.Argument(help="The project's folder.")]
AnswersFile = Annotated[
    str | None, typer.Option(help="Which answers file, where a project has two.")
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--data", "-d", metavar="K=V", help="An answer; wins over all others."),
]
AnswersGiven = Annotated[
    Path | None, typer.Option("--data-file", metavar="FILE", help="A YAML file with answers.")
]
Template = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The template; otherwise what modelyard came from."),
]
Version = Annotated[
    str | None, typer.Option(help="A version of the template; otherwise its newest release.")
]
console = Console(highlight=False, soft_wrap=True)
