"""`python -m modelyard_lifecycle`: the commands without the runtime's."""

from typing import Annotated

import typer

from . import __version__
from .cli import add_commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
add_commands(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"modelyard {__version__}")
        raise typer.Exit()


@app.callback()
def modelyard(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Look after projects that a Copier template gave birth to."""


if __name__ == "__main__":
    app(prog_name="modelyard")
