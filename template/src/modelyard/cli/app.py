"""The typer application: the parts of the command that a project has chosen."""

import os
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Annotated

import typer

from ..choices import Choices, installed
from ..project import VARIABLE
from .components import PARTS
from .unavailable import group, list_template

LIFECYCLE = "modelyard.commands"


def told_version(wanted: bool) -> None:
    """Print the version of the package, and stop."""
    if wanted:
        typer.echo(f"modelyard {installed() or 'of the project in this folder (src/modelyard)'}")
        raise typer.Exit


def start(
    project: Annotated[
        str, typer.Option(metavar="PACKAGE", help="The project's package, if several are there.")
    ] = "",
    version: Annotated[
        bool, typer.Option("--version", callback=told_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Train, serve, watch and release the model of the project in this folder."""
    if project:
        os.environ[VARIABLE] = project


def make_app(choices: Choices | None) -> typer.Typer:
    """Make the command.

    Args:
        choices: what the project has chosen; None outside of one.
    """
    absent = {
        name: f"modelyard {name} {reason.format(name)}"
        for part in PARTS
        if (reason := part.lacks(choices))
        for name in part.commands
    }
    app = typer.Typer(
        cls=group(absent),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(start)
    for part in PARTS:
        if not part.lacks(choices):
            import_module(f"{__package__}.{part.module}").add_to(app)
    lifecycle = entry_points(group=LIFECYCLE) if find_spec("copier") else ()
    for one in lifecycle:
        one.load()(app)
    if not lifecycle:
        absent |= list_template(app)
    return app
