"""Commands of the registry: which version serves where, who said so, and how to go back."""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..choices import read_choices
from ..console import UserError
from ..models.gates.ledger import who
from ..places import RECORDS
from ..project import named
from ..registry import commands
from ..registry.backend import Backend
from ..registry.chosen import open_backend
from ..registry.commands import Who
from ..registry.entries import Refused
from ..registry.publishing import Publishing
from .adding import add

REFUSED = 20
STAGE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def to_stage(text: str) -> str:
    """Take the name of a stage.

    Raises:
        BadParameter: it cannot be part of a tag's name.
    """
    if not STAGE.fullmatch(text):
        raise typer.BadParameter(f"{text!r}, allowed are a-z, 0-9 and - between them")
    return text


def to_moment(text: str) -> str:
    """Take a day or a time; without a zone it is UTC.

    Raises:
        BadParameter: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}, allowed is such as 2013-10-01") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


Version = Annotated[str, typer.Argument(help="Such as v0.2.0, or a stage such as prod.")]
Stage = Annotated[str, typer.Option(callback=to_stage, help="Where it serves.")]
Into = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Fetch its files as well.")]
By = Annotated[str, typer.Option(help="Who decides it; by default git's user.name.")]
Now = Annotated[str, typer.Option(metavar="TIME", help="The time it is; by default the clock's.")]
Push = Annotated[bool, typer.Option("--push", help="To the others; as REGISTRY_PUSH=1.")]


def decider(by: str, now: str) -> Who:
    """Say who decides, and when."""
    clock = datetime.now(UTC).isoformat(timespec="seconds")
    return Who(by or who() or "unknown", to_moment(now) if now else clock)


def obey(command: Callable[[Backend], None], *, push: bool = False) -> None:
    """Do something with the registry; what a rule forbids ends with exit code 20."""
    pushed = push or bool(Publishing.read().registry_push)
    try:
        command(open_backend(named(), pushed))
    except Refused as rule:
        print(f"refused: {rule}", file=sys.stderr)
        sys.exit(REFUSED)


def register(
    image: Annotated[str | None, typer.Option(help="Digest of an image that holds it.")] = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Make the model of this commit the next version, such as v0.2.0."""
    pushed = push or bool(Publishing.read().registry_push)
    obey(lambda it: commands.register(it, decider(by, now), image, pushed=pushed), push=push)


def promote(
    version: Version,
    stage: Stage = "prod",
    into: Into = None,
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Let a version serve a stage from now on."""
    obey(lambda it: commands.promote(it, version, stage, decider(by, now), into), push=push)


def rollback(
    stage: Stage = "prod", into: Into = None, by: By = "", now: Now = "", push: Push = False
) -> None:
    """Let the version before serve a stage again."""
    obey(lambda it: commands.rollback(it, stage, decider(by, now), into), push=push)


def quarantine(
    version: Version,
    why: Annotated[str, typer.Option(help="The reason.")],
    by: By = "",
    now: Now = "",
    push: Push = False,
) -> None:
    """Let a version serve nowhere anew."""
    obey(lambda it: commands.quarantine(it, version, why, decider(by, now)), push=push)


def versions(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List all versions, where they serve, and their metrics."""
    obey(lambda it: commands.listed(it, as_json=as_json))


def show(version: Version) -> None:
    """Print a version's release manifest."""
    obey(lambda it: commands.show(it, version))


def card(version: Version) -> None:
    """Print a version's model card."""
    obey(lambda it: commands.card(it, version))


def verify(version: Version) -> None:
    """Compare every hash of a version's manifest with the files."""
    obey(lambda it: commands.verify(it, version))


def audit(
    version: Annotated[str, typer.Argument(help="A version, a stage, or a request's id.")],
    records: Annotated[Path, typer.Option(help="Of the REST service.")] = RECORDS,
) -> None:
    """Print model, data, code, approver and gate report of a version or a recorded request."""
    obey(lambda it: commands.trace(it, version, records))


def fetch(
    version: Version,
    folder: Annotated[Path, typer.Argument(help="Where, such as served/prod.")],
) -> None:
    """Put a version's verified files into a folder, for MODEL_DIR."""
    obey(lambda it: commands.fetch(it, version, folder))


def adopt_mlflow() -> None:
    """Let MLflow's registry take over what only git's tags know."""
    tracker = read_choices().tracker
    if tracker != "mlflow":
        raise UserError(f"tracker is {tracker}, git's tags keep the registry; mlflow takes it over")
    from ..registry.mlflow import adopt

    adopt(named())


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command, example in (
        (register, "register"),
        (promote, "promote v0.2.0 --stage prod"),
        (rollback, "rollback --stage prod"),
        (quarantine, "quarantine v0.2.0 --why 'trained on damaged rows'"),
        (versions, "versions"),
        (show, "show v0.2.0"),
        (card, "card prod"),
        (verify, "verify v0.2.0"),
        (audit, "audit prod"),
        (fetch, "fetch prod served/prod"),
        (adopt_mlflow, "adopt-mlflow"),
    ):
        add(app, "Release", command, example)
