"""Arguments and options that commands of the registry share."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..models.gates.holdout_ledger import who

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
    """Take a day or a time, in UTC if it names no zone; without one it is now.

    Raises:
        BadParameter: it is none.
    """
    try:
        found = datetime.fromisoformat(text) if text else datetime.now(UTC)
    except ValueError:
        raise typer.BadParameter(f"{text!r}, allowed is such as 2013-10-01") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


def to_name(text: str) -> str:
    """Take a name; without one it is git's, or the account's."""
    return text or who() or "unknown"


Version = Annotated[str, typer.Argument(help="Such as v0.2.0, or a stage such as prod.")]
Stage = Annotated[str, typer.Option(callback=to_stage, help="Where it serves.")]
Into = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Fetch its files as well.")]
By = Annotated[
    str, typer.Option(callback=to_name, help="Who decides it; by default git's user.name.")
]
Now = Annotated[
    str,
    typer.Option(
        metavar="TIME", callback=to_moment, help="The time it is; by default the clock's."
    ),
]
Push = Annotated[bool, typer.Option("--push", help="To the others; as REGISTRY_PUSH=1.")]
