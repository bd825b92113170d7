"""Commands that compare a candidate with the serving model, approve it, rehearse a rollback."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ..choices import read_choices
from ..console import UserError
from ..project import find
from .command import command
from .components import Component

app = typer.Typer()
canaries = typer.Typer(no_args_is_help=True, help="Compare a candidate with the serving model.")
app.add_typer(canaries, name="canary", rich_help_panel="Release")
FOLDER: dict[str, Any] = {"metavar": "FOLDER"}


def refuse_without(target: str) -> None:
    """Refuse the canary of a target that the project lacks, with the command that adds it."""
    if reason := Component("canary", (), 3, (target,)).unavailable_reason(read_choices()):
        raise UserError(f"modelyard canary {target} {reason}")


@command(canaries, "Target", "canary rest --candidate candidate --serving models", "canary rest")
def rest(
    candidate: Annotated[str, typer.Option(metavar="PLACE", help="Its folder or URL.")],
    serving: Annotated[str, typer.Option(metavar="PLACE", help="The serving model.")] = "models",
    serving_code: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="src/ of the serving model, if features changed."),
    ] = None,
) -> None:
    """Replay recorded requests to the REST services of a candidate and of the serving model."""
    refuse_without("rest")
    from ..canary.rest.compare import compare

    compare(find(), candidate, serving, serving_code)


@command(canaries, "Target", "canary batch data/raw scored --candidate candidate", "canary batch")
def batch(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="Input of the last run.")],
    published: Annotated[Path, typer.Argument(help="Output folder of the last run.")],
    candidate: Annotated[Path, typer.Option(help="Folder of the candidate.", **FOLDER)],
) -> None:
    """Score the input of the last run with a candidate, and compare both outputs."""
    refuse_without("batch")
    from ..canary.batch import compare

    compare(find(), source, published, candidate)


@command(canaries, "Target", "canary edge --candidate new --serving old", "canary edge")
def edge(
    candidate: Annotated[Path, typer.Option(help="Folder of the new bundle.", **FOLDER)],
    serving: Annotated[Path, typer.Option(help="Folder of the deployed bundle.", **FOLDER)],
    devices: Annotated[Path | None, typer.Option(help="File with a device name per line.")] = None,
    share: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of the devices that get it first.")
    ] = None,
) -> None:
    """Run a new bundle with the devices' library versions, and compare it with the deployed one."""
    refuse_without("edge")
    from ..canary.edge import compare

    compare(find(), candidate, serving, devices, share)


@command(app, "Release", "approve v0.2.0")
def approve(version: Annotated[str, typer.Argument(help="For example v0.2.0.")]) -> None:
    """Check who promotes a version to prod: a person, or the pipeline after a canary says go.

    Exit codes: 0 the pipeline, 10 a person, 20 a rule forbids it, 1 an error.
    """
    from ..canary import approval

    approval.approve(find().package, version)


@command(app, "Release", "drill", check="drill")
def drill() -> None:
    """Rehearse a rollback of prod in a scratch clone.

    Exit codes: 0 it works, or there is no earlier version; 20 it does not work; 1 an error.
    """
    from ..canary.drill import drill as rehearse

    rehearse(find().package)
