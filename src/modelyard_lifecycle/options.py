"""Command-line options shared by several commands, and their console."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .verbose import be_verbose

Folder = Annotated[Path, typer.Argument(help="The project's folder.")]
AnswersFile = Annotated[
    str | None, typer.Option(help="The answers file to use if a project has several.")
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--data", "-d", metavar="K=V", help="An answer; overrides all other sources."),
]
AnswersGiven = Annotated[
    Path | None, typer.Option("--data-file", metavar="FILE", help="A YAML file with answers.")
]
Template = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The template; default: where modelyard was installed from."),
]
Version = Annotated[
    str | None, typer.Option(help="A version of the template; default: its newest release.")
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        callback=be_verbose,
        is_eager=True,
        help="Show all output of git and Copier.",
    ),
]
console = Console(highlight=False, soft_wrap=True)
