"""Commands that compare a candidate with what serves, before and after it takes over."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ..choices import read_choices
from ..console import UserError
from ..project import find
from .command import add
from .components import Part

FOLDER: dict[str, Any] = {"metavar": "FOLDER"}


def refuse_without(target: str) -> None:
    """Refuse the canary of a target that the project has not, and say what brings it."""
    if reason := Part("canary", (), 3, (target,)).lacks(read_choices()):
        raise UserError(f"modelyard canary {target} {reason}")


def rest(
    candidate: Annotated[str, typer.Option(metavar="PLACE", help="A model's folder, or an URL.")],
    serving: Annotated[str, typer.Option(metavar="PLACE", help="The one in service.")] = "models",
    serving_code: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="src/ of what serves, if features have changed."),
    ] = None,
) -> None:
    """Replay recorded requests to a candidate's REST service and to the one in service."""
    refuse_without("rest")
    from ..canary.rest.compare import Pair, compare

    compare(find(), Pair(candidate, serving, serving_code))


def batch(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="What was scored last.")],
    published: Annotated[Path, typer.Argument(help="The folder of what came of it.")],
    candidate: Annotated[Path, typer.Option(help="The folder of a model.", **FOLDER)],
) -> None:
    """Score what was published last with a candidate, and compare before anything is published."""
    refuse_without("batch")
    from ..canary.batch.compare import compare

    compare(find(), source, published, candidate)


def edge(
    candidate: Annotated[Path, typer.Option(help="The new bundle.", **FOLDER)],
    serving: Annotated[Path, typer.Option(help="The bundle in service.", **FOLDER)],
    devices: Annotated[Path | None, typer.Option(help="Their names, one on a line.")] = None,
    share: Annotated[
        float | None, typer.Option(min=0, max=1, help="How many of them get it first.")
    ] = None,
) -> None:
    """Test a bundle on the libraries that devices have, beside the bundle in service."""
    refuse_without("edge")
    from ..canary.edge.compare import compare

    compare(find(), candidate, serving, devices, share)


def approve(version: Annotated[str, typer.Argument(help="Such as v0.2.0.")]) -> None:
    """Say who lets a version serve prod: a person, or the pipeline if the canary says go.

    Exit codes: 0 the pipeline, 10 a person, 20 a rule forbids it, 1 an error.
    """
    from ..canary import approval

    approval.approve(find().package, version)


def drill() -> None:
    """Rehearse a rollback of prod in a scratch clone.

    Exit codes: 0 it works, or there is no version before; 20 it does not work; 1 an error.
    """
    from ..canary.drill import drill as rehearse

    rehearse(find().package)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    canaries = typer.Typer(no_args_is_help=True, help="Compare a candidate with what serves.")
    add(canaries, "Target", rest, "canary rest --candidate candidate --serving models")
    add(canaries, "Target", batch, "canary batch data/raw scored --candidate candidate")
    add(canaries, "Target", edge, "canary edge --candidate new --serving old")
    app.add_typer(canaries, name="canary", rich_help_panel="Release")
    add(app, "Release", approve, "approve v0.2.0")
    add(app, "Release", drill, "drill")
