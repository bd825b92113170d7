"""Commands that retrain without anybody watching."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from ..project import find
from .command import add, to_day

Now = Annotated[
    date | None,
    typer.Option(
        metavar="DAY", parser=to_day, help="The day it is; by default AS_OF, or the clock's (UTC)."
    ),
]


def today() -> date:
    """Give the day it is."""
    from ..settings import Settings

    return Settings.read().as_of or datetime.now(UTC).date()


def retrain(now: Now = None) -> None:
    """Train on the rows known now if a reason holds; a candidate that passes is registered.

    Exit codes: 0 done, or nothing was due; 20 the gate refused; 75 another run is at work;
    1 an error. Whatever goes wrong, files are as they were.
    """
    from ..retraining import retraining

    retraining.main(find(), now or today())


def trigger(
    now: Now = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say which reasons to retrain hold now.

    Exit codes: 0 nothing is due, 10 a retraining is due, 1 an error, or a message that cannot be
    read while nothing else is due.
    """
    from ..retraining import trigger as reasons

    reasons.main(find(), now or today(), as_json=as_json)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    add(app, "Release", retrain, "retrain --now 2013-10-01")
    add(app, "Release", trigger, "trigger --now 2013-10-01")
