"""The command `doctor`: runs the checks in the project's environment."""

import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

GROUP = "modelyard.project"  # of entry points; this environment is a project's if it has one


def add_commands(app: typer.Typer) -> None:
    """Add `doctor` to an app."""
    app.command(rich_help_panel="Start")(doctor)


def doctor(
    project: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The project; default: the working folder.")
    ] = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check your own files together, before a training: all findings at once, in seconds.

    Reads schema, ingest, features, estimator, examples and params.yaml; fits, stores, loads and
    exports both models on 500 rows. Nothing is written. Exit codes: 0 no error (notes do not
    count), 1 an error, 2 usage error.

    Examples:
        modelyard doctor

        modelyard doctor --json
    """
    words = ["--json"] if as_json else []
    here = project.resolve() == Path.cwd()
    if here and entry_points(group=GROUP):
        from .__main__ import main

        sys.exit(main(words))
    from .handover import run_in_project

    sys.exit(run_in_project(project, words))
