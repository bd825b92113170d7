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

from ..choices import choices_beside
from ..console import UserError
from ..files import read_json
from ..params import Params, read_params
from ..places import MODELS
from ..project import Project
from . import inputs, messages, reasons
from .inputs import Inputs, read_inputs
from .ledger import Run, answered, last, last_day, read_runs
from .params import Retrain
from .reasons import Reason

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
    by_message, faults = messages.find(answered(runs))
    if not (MODELS / "model.json").exists() and not Path("dvc.lock").exists():
        first = Reason("first", True, "no model was made yet", "first")
        return Decision(now, [first, *by_message], faults)
    found, kinds = read_inputs(), params.section(Retrain).reasons
    asked = [of_calendar(runs, now, params), *by_message]
    if "verdict" in kinds:
        asked.append(of_verdict(project, runs, now, params))
    asked += [of_data(project, found), reasons.code(found.code.changed, found.code.key())]
    counted = [one.unless(answered(runs)) for one in asked if one.kind in kinds]
    deploy = reasons.serving(last(runs, "serving"), found.serving())
    return Decision(now, [*counted, deploy], faults)


def of_calendar(runs: list[Run], now: date, params: Params) -> Reason:
    """Ask the calendar, from the last run or, if it is newer, the model on."""
    about = read_json(MODELS / "model.json", "run: uv run dvc pull, or uv run dvc repro")
    trained = date.fromisoformat(about["trained_as_of"])
    newest = max(trained, last_day(runs) or trained)
    return reasons.calendar(newest, now, params.section(Retrain).every_days)


def of_verdict(project: Project, runs: list[Run], now: date, params: Params) -> Reason:
    """Ask the monitor; of a model that no longer fits its code nothing is known.

    Raises:
        UserError: the project has no monitor.
    """
    choices = choices_beside(Path("params.yaml"))
    if choices and not choices.include(1, ("rest", "batch")):
        lack = "retrain.reasons names verdict, which comes with the target rest or batch"
        raise UserError(f"params.yaml: {lack}; take it out")
    from ..monitoring import report  # here, as a project with edge alone has none
    from ..monitoring.params import Monitoring

    watch = replace(report.Watch.read(), as_of=now)
    try:
        told = report.look(project, watch, params.section(Monitoring))
    except UserError as failure:
        return Reason("verdict", False, f"not known: {failure}")
    return reasons.verdict(told, last_day(runs), now, params.section(Retrain).cool_down_days)


def of_data(project: Project, found: Inputs) -> Reason:
    """Ask for other data."""
    rows = inputs.rows_now(project.ingest, found.day)
    return reasons.data(found.data.changed, rows != inputs.rows_known(), found.data.key(rows))


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
