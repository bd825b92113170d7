"""Commands that monitor recorded predictions."""

from datetime import date
from typing import Annotated

import typer

from ..project import find
from .command import command, to_day

app = typer.Typer()


@command(app, "Watch", "monitor")
def monitor() -> None:
    """Monitor drift, quality and age of the serving model, and write a report.

    Exit codes: 0 nothing is due, or nothing is known yet; 10 retraining is due; 20 an incident;
    1 an error, no report.
    """
    from ..monitoring import report

    report.main(find())


@command(app, "Watch", "replay --until 2013-12-01")
def replay(
    until: Annotated[
        date,
        typer.Option(metavar="DAY", parser=to_day, help="Replay the days before this one."),
    ],
) -> None:
    """Simulate the days after training: predict real rows, and record them with their labels."""
    from ..monitoring.replay import replay as record

    record(find(), until)
