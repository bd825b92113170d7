"""What several commands take, and where they print."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Folder = Annotated[Path, typer.Argument(help="The project's folder.")]
AnswersFile = Annotated[
    str | None, typer.Option(help="Which answers file, where a project has two.")
]
console = Console(highlight=False, soft_wrap=True)
