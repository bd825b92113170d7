"""Commands for unattended retraining."""

from datetime import date
from typing import Annotated

import typer

from ..project import find
from ..settings import Settings
from .command import command, to_day

app = typer.Typer()

Now = Annotated[
    date | None,
    typer.Option(
        metavar="DAY", parser=to_day, help="Current day; by default AS_OF, else today (UTC)."
    ),
]


@command(app, "Release", "retrain --now 2013-10-01", check="retrain")
def retrain(now: Now = None) -> None:
    """Retrain if there is a reason; register the candidate if the gate accepts it.

    Exit codes: 0 done, or nothing was due; 20 the gate refused; 75 another run is in progress;
    1 an error. After a failure all files are restored.
    """
    from ..retraining import retraining

    retraining.main(find(), now or Settings.read().today)


@command(app, "Release", "trigger --now 2013-10-01")
def trigger(
    now: Now = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Report which reasons to retrain are due.

    Exit codes: 0 nothing is due; 10 retraining is due; 1 an error, or nothing is due, but a message
    or the serving model cannot be read.
    """
    from ..retraining import trigger as evaluate

    evaluate.main(find(), now or Settings.read().today, as_json=as_json)
