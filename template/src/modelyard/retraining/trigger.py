"""Say which reasons to retrain hold now.

Exit codes: 0 nothing is due, 10 a retraining is due, 1 an error, or a message that cannot be read
while nothing else is due.
"""

import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json
from ..params import Params, read_params
from ..places import MODELS
from ..project import Project
from . import keys
from .reasons import calendar, code, data, message, serving, verdict
from .reasons.reason import Reason
from .runs import Run, answered, last, last_day, read_runs
from .section import Retrain
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


def decide(project: Project, now: date, params: Params) -> Decision:
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
    kinds = params.section(Retrain).reasons
    timed = [of_calendar(runs, now, params), *messages]
    if "verdict" in kinds:
        timed.append(of_verdict(project, runs, now, params))
    counted = [one for one in [*timed, *of_stale(project, pipeline)] if one.kind in kinds]
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
    return calendar.find(
        max(trained, last_day(runs) or trained), now, params.section(Retrain).every_days
    )


def of_verdict(project: Project, runs: list[Run], now: date, params: Params) -> Reason:
    """Ask the monitor; of a model that no longer fits its code nothing is known.

    Raises:
        UserError: the project has no monitor.
    """
    try:
        from ..monitoring import report, section  # here, as only the target rest has them
    except ModuleNotFoundError:
        lack = "retrain.reasons names verdict, which comes with the target rest"
        raise UserError(f"params.yaml: {lack}; take it out") from None
    watch = replace(report.Watch.read(), as_of=now)
    try:
        told = report.look(project, watch, params.section(section.Monitoring))
    except UserError as failure:
        return Reason("verdict", False, f"not known: {failure}")
    return verdict.find(told, last_day(runs), now, params.section(Retrain).cool_down_days)


def of_stale(project: Project, pipeline: Pipeline) -> list[Reason]:
    """Ask for other data, then for other code."""
    differs, rows = changed(pipeline), keys.rows_now(project.ingest)
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


def main(project: Project, now: date, *, as_json: bool) -> None:
    """Print what holds, and end with the exit code."""
    decision = decide(project, now, read_params())
    print(json.dumps(as_told(decision), indent=2) if as_json else table(decision))
    sys.exit(decision.exit_code)
