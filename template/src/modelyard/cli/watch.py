"""Commands that look at what was recorded of predictions."""

from datetime import date
from typing import Annotated

import typer

from ..project import find
from .command import add, to_day


def monitor() -> None:
    """Look at what was recorded, write the report, and say what is due.

    The exit code says it too. 0: nothing is due, or nothing is known yet. 10: retraining is due.
    20: an incident. 1: no report.
    """
    from ..monitoring import report

    report.main(find())


def replay(
    until: Annotated[
        date,
        typer.Option(metavar="DAY", parser=to_day, help="The day it shall be, such as 2013-12-01."),
    ],
) -> None:
    """Let the days after the model's own pass: real rows are predicted and recorded."""
    from ..monitoring.replay import replay as record

    record(find(), until)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    add(app, "Watch", monitor, "monitor")
    add(app, "Watch", replay, "replay --until 2013-12-01")
