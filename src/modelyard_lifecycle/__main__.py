"""Run this package's commands without the runtime's: `python -m modelyard_lifecycle`."""

from typing import Annotated

import typer

from . import __version__
from .cli import add_commands

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
add_commands(app)


def _version(requested: bool) -> None:
    if requested:
        typer.echo(f"modelyard {__version__}")
        raise typer.Exit()


@app.callback()
def modelyard(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Create, check and update projects that are generated from a Copier template."""


if __name__ == "__main__":
    app(prog_name="modelyard")
