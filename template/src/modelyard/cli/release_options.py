"""Arguments and options shared by the commands of the registry."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..models.gates.holdout_ledger import current_user
from ..registry.backend import DELIVERED

CI_HOSTS = {"GITHUB_ACTIONS", "GITLAB_CI"}
STAGE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def to_stage(text: str) -> str:
    """Return a valid stage name."""
    if text == DELIVERED or not STAGE.fullmatch(text):
        allowed = f"may hold only a-z, 0-9 and - between them, and not be {DELIVERED!r}"
        raise typer.BadParameter(f"{text!r} {allowed}")
    return text


def to_time(text: str) -> str:
    """Parse an ISO date or time, UTC unless it has a zone; an empty text is the current time."""
    try:
        found = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date or time such as 2013-10-01") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


def to_name(text: str) -> str:
    """Return the name given; in a CI job `pipeline`, else git's user.name, else the account's."""
    return text or ("pipeline" if os.environ.keys() & CI_HOSTS else current_user() or "unknown")


Version = Annotated[str, typer.Argument(help="For example v0.2.0, or a stage: prod.")]
Stage = Annotated[str, typer.Option(callback=to_stage, help="Stage, for example prod or test.")]
Into = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Also install its files here.")]
By = Annotated[
    str, typer.Option(callback=to_name, help="Who decides it; by default git's user.name.")
]
Now = Annotated[
    str,
    typer.Option(metavar="TIME", callback=to_time, help="Time of the event; by default now."),
]
Push = Annotated[bool, typer.Option("--push", help="Push to origin, as REGISTRY_PUSH=1 does.")]
