"""Evaluation of the reasons to retrain."""

import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ..choices import read_choices_beside
from ..console import UserError
from ..files import read_json
from ..params import Params, read_params
from ..params_operation import Monitoring
from ..params_release import Retrain
from ..places import MODELS
from ..project import Project
from ..registry.install import serving_model
from . import inputs, messages, reasons
from .inputs import Inputs, read_inputs
from .ledger import Run, handled_keys, last_day, read_runs
from .reasons import Reason

DUE = 10


@dataclass(frozen=True)
class Decision:
    """Reasons evaluated on a day, and errors in the inbox or in the serving model's files."""

    now: date
    reasons: list[Reason]
    errors: list[str]

    @property
    def due(self) -> list[Reason]:
        """The reasons that are due."""
        return [reason for reason in self.reasons if reason.due]

    @property
    def exit_code(self) -> int:
        """Exit code of the command."""
        return DUE if self.due else int(bool(self.errors))


def decide(project: Project, now: date, params: Params) -> Decision:
    """Evaluate all reasons."""
    if now < params.data.as_of:
        raise UserError(f"the day is {now}, must be {params.data.as_of} (data.as_of) or later")
    runs = read_runs()
    from_inbox, errors = messages.read_inbox(handled_keys(runs))
    if not (MODELS / "model.json").exists() and not Path("dvc.lock").exists():
        first = Reason("first", True, "there is no model yet", "first")
        return Decision(now, [first, *from_inbox], errors)
    found, kinds = read_inputs(), params.section(Retrain).reasons
    evaluated = [calendar_reason(project, runs, now, params), *from_inbox]
    if "verdict" in kinds:
        evaluated.append(verdict_reason(project, runs, now, params, errors))
    evaluated += [data_reason(project, found), reasons.code(found.code.changed, found.code.key())]
    enabled = [one.unless_handled(handled_keys(runs)) for one in evaluated if one.kind in kinds]
    serving = reasons.serving(runs[-1].get("serving") if runs else None, found.serving_hash())
    return Decision(now, [*enabled, serving], errors)


def calendar_reason(project: Project, runs: list[Run], now: date, params: Params) -> Reason:
    """Evaluate the calendar since the last run or the model, whichever is newer."""
    model = read_json(MODELS / "model.json", "run: uv run dvc pull, or uv run dvc repro")
    trained = date.fromisoformat(model["trained_as_of"])
    last, every_days = max(trained, last_day(runs) or trained), params.section(Retrain).every_days
    found = reasons.calendar(last, now, every_days)
    newest = inputs.newest_row(project, now) if found.due else None
    return reasons.calendar(last, now, every_days, newest)


def verdict_reason(
    project: Project, runs: list[Run], now: date, params: Params, errors: list[str]
) -> Reason:
    """Evaluate the monitor's verdict; unknown if the model does not fit the current schema."""
    choices = read_choices_beside(Path("params.yaml"))
    if choices and not choices.include(1, ("rest", "batch")):
        problem = "retrain.reasons has verdict, which requires the target rest or batch"
        raise UserError(f"params.yaml: {problem}; remove it")
    from ..monitoring import report  # imported here: an edge-only project has no monitor

    settings = replace(report.MonitorSettings.read(), as_of=now)
    try:
        watched = serving_model(project.package)
    except UserError as error:
        errors.append(f"verdict: {error}")
        return Reason("verdict", False, "unknown: the serving model cannot be read")
    try:
        content = report.build_report(project.schema, settings, params.section(Monitoring), watched)
    except UserError as error:
        return Reason("verdict", False, f"unknown: {error}")
    return reasons.verdict(content, last_day(runs), now, params.section(Retrain).cool_down_days)


def data_reason(project: Project, found: Inputs) -> Reason:
    """Compare the data with the last snapshot."""
    rows = inputs.hash_current_rows(project.ingest, found.day)
    return reasons.data(found.data.changed, rows != inputs.hash_snapshot(), found.data.key(rows))


def table(decision: Decision) -> str:
    """Format the reasons and the decision as plain text."""
    lines = [f"{'due' if one.due else '-':<5} {one.kind:<9} {one.why}" for one in decision.reasons]
    bad = [f"bad   {error}" for error in decision.errors]
    kinds = ", ".join(dict.fromkeys(one.kind for one in decision.due))
    end = f"retraining is due: {kinds}" if kinds else "nothing is due"
    return "\n".join([f"trigger: {decision.now}", *lines, *bad, f"trigger: {end}"])


def main(project: Project, now: date, *, as_json: bool) -> None:
    """Print the decision, and exit with its code."""
    decision = decide(project, now, read_params())
    reasons, due = [reason._asdict() for reason in decision.reasons], bool(decision.due)
    found = {"now": str(now), "due": due, "reasons": reasons, "faults": decision.errors}
    print(json.dumps(found, indent=2) if as_json else table(decision))
    sys.exit(decision.exit_code)
