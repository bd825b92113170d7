"""Typer application with the commands that are available in a project."""

import os
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Annotated

import typer

from ..choices import Choices, runtime_version
from ..project import VARIABLE
from .components import COMPONENTS, add_lifecycle_stubs, make_group

LIFECYCLE = "modelyard.commands"


def print_version(wanted: bool) -> None:
    """Print the version of the package and exit."""
    if wanted:
        typer.echo(f"modelyard {runtime_version() or 'vendored in this project (src/modelyard)'}")
        raise typer.Exit


def start(
    project: Annotated[
        str, typer.Option(metavar="PACKAGE", help="The project's package, if several exist.")
    ] = "",
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Train, serve, monitor and release the model of the project in this folder."""
    if project:
        os.environ[VARIABLE] = project


def make_app(choices: Choices | None) -> typer.Typer:
    """Build the typer application; `choices` is None outside of a project."""
    unavailable = {
        name: f"modelyard {name} {reason.format(name)}"
        for component in COMPONENTS
        if (reason := component.unavailable_reason(choices))
        for name in component.commands
    }
    app = typer.Typer(
        cls=make_group(unavailable),
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(start)
    for component in COMPONENTS:
        if not component.unavailable_reason(choices):
            commands = import_module(f"{__package__}.{component.module}").app
            app.registered_commands += commands.registered_commands
            app.registered_groups += commands.registered_groups
    added = [*entry_points(group=LIFECYCLE)]
    if not (added and find_spec("copier")):
        unavailable |= add_lifecycle_stubs(app)
        added = [one for one in added if one.name == "doctor"]  # needs only what trains
    for entry_point in added:
        unavailable.pop(entry_point.name, None)
        entry_point.load()(app)
    return app
