"""Say which reasons to retrain hold now.

Exit codes: 0 nothing is due, 10 a retraining is due, 1 an error, or a message that cannot be read
while nothing else is due.
"""

import argparse
import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..command_line import parser, to_day
from ..console import UserError, run
from ..files import read_json
from ..params import Params, read_params
from ..places import MODELS
from . import keys
from .reasons import calendar, code, data, message, serving, verdict
from .reasons.reason import Reason
from .report import Watch, look
from .runs import Run, answered, last, last_day, read_runs
from .stale import Pipeline, changed, read_pipeline

DUE = 10


@dataclass(frozen=True)
class Decision:
    """What holds on a day, and which files in the inbox are no messages."""

    now: date
    reasons: list[Reason]
    faults: list[str]

    @property
    def due(self) -> list[Reason]:
        """The reasons that ask for a retraining."""
        return [reason for reason in self.reasons if reason.due]

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return DUE if self.due else int(bool(self.faults))


def decide(now: date, params: Params) -> Decision:
    """Ask all reasons.

    Raises:
        UserError: the day is before the model's, or something cannot be read.
    """
    if now < params.data.as_of:
        raise UserError(f"the day is {now}, allowed is {params.data.as_of} (data.as_of) or later")
    runs = read_runs()
    messages, faults = message.find(answered(runs))
    if not (MODELS / "model.json").exists() and not Path("dvc.lock").exists():
        first = Reason("first", True, "no model was made yet", "first")
        return Decision(now, [first, *messages], faults)
    pipeline = read_pipeline()
    timed = [of_calendar(runs, now, params), *messages, of_verdict(runs, now, params)]
    counted = [one for one in [*timed, *of_stale(pipeline)] if one.kind in params.retrain.reasons]
    deploy = serving.find(last(runs, "serving"), keys.serving(pipeline))
    asked = [unless(one, answered(runs)) for one in counted]
    return Decision(now, [*asked, deploy], faults)


def unless(reason: Reason, known: set[str]) -> Reason:
    """Ask for nothing that a run has answered."""
    if not reason.due or reason.key not in known:
        return reason
    return reason._replace(due=False, why=f"answered before: {reason.why}")


def of_calendar(runs: list[Run], now: date, params: Params) -> Reason:
    """Ask the calendar, from the last run or, if it is newer, the model on."""
    about = read_json(MODELS / "model.json", "run: uv run dvc pull, or uv run dvc repro")
    trained = date.fromisoformat(about["trained_as_of"])
    return calendar.find(max(trained, last_day(runs) or trained), now, params.retrain.every_days)


def of_verdict(runs: list[Run], now: date, params: Params) -> Reason:
    """Ask the monitor; of a model that no longer fits its code nothing is known."""
    try:
        told = look(replace(Watch.read(), as_of=now), params.monitoring)
    except UserError as failure:
        return Reason("verdict", False, f"not known: {failure}")
    return verdict.find(told, last_day(runs), now, params.retrain.cool_down_days)


def of_stale(pipeline: Pipeline) -> list[Reason]:
    """Ask for other data, then for other code."""
    differs, rows = changed(pipeline), keys.rows_now()
    return [
        data.find(differs.sources, rows, keys.rows_known(), keys.data(pipeline, rows)),
        code.find(differs.code, keys.code(pipeline)),
    ]


def table(decision: Decision) -> str:
    """Lay the reasons out, then what follows."""
    marks = [("due" if one.due else "-", one) for one in decision.reasons]
    lines = [f"{mark:<5} {one.kind:<9} {one.why}" for mark, one in marks]
    bad = [f"bad   message   {fault}" for fault in decision.faults]
    kinds = ", ".join(dict.fromkeys(one.kind for one in decision.due))
    end = f"retraining is due: {kinds}" if kinds else "nothing is due"
    return "\n".join([f"trigger: {decision.now}", *lines, *bad, f"trigger: {end}"])


def as_told(decision: Decision) -> dict[str, Any]:
    """Give what programs read."""
    reasons = [reason._asdict() for reason in decision.reasons]
    due = bool(decision.due)
    return {"now": str(decision.now), "due": due, "reasons": reasons, "faults": decision.faults}


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(f"{__package__}.trigger", __doc__, "--now 2013-10-01")
    text = "the day it is, such as 2013-10-01; by default AS_OF, or that of the clock (UTC)"
    reader.add_argument("--now", metavar="DAY", type=to_day, default=Watch.read().today, help=text)
    reader.add_argument("--json", action="store_true", help="print JSON, for programs")
    return reader.parse_args()


def main() -> None:
    """Print what holds, and end with the exit code."""
    options = arguments()
    decision = decide(options.now, read_params())
    told = json.dumps(as_told(decision), indent=2) if options.json else table(decision)
    print(told)
    sys.exit(decision.exit_code)


if __name__ == "__main__":
    run(main)
