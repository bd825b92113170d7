"""Comparison of recorded predictions with the model's reference: figures, findings, verdict."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from ..models.release import score_columns
from ..models.scorer import Predictions
from ..params_operation import Monitoring
from ..schema.contract import Schema
from . import findings
from .drift import Shift, drifted, find_drift, shifts
from .records import Records

Outcome = Literal["fine", "retrain", "incident"]
EXIT_CODES: dict[Outcome, int] = {"fine": 0, "retrain": 10, "incident": 20}
INCIDENTS = ("feed", "records", "version", "floors")


def judge(
    found: list[findings.Finding], trained_as_of: date, as_of: date, cool_down: int
) -> tuple[Outcome, list[str]]:
    """Return the outcome, and its reasons for people.

    An incident takes precedence. Retraining is due if columns or scores have drifted and the
    model is also worse or too old: drift alone may be seasonal. Within `cool_down` days after the
    day of the model it is not due.
    """
    bad = {one.topic: f"{one.topic}: {one.reason}" for one in found if one.status == "bad"}
    incidents = [bad[topic] for topic in INCIDENTS if topic in bad]
    if incidents:
        return "incident", incidents
    if "drift" in bad and ("quality" in bad or "age" in bad):
        over = trained_as_of + timedelta(days=cool_down)
        if as_of >= over:
            return "retrain", list(bad.values())
        return "fine", [f"retraining would be due, but not before {over}", *bad.values()]
    unknown = [f"{f.topic} is unknown: {f.reason}" for f in found if f.status == "unknown"]
    needed = "quality or age" if "drift" in bad else "drift"
    alone = [f"{reason}; retraining also requires that {needed} is bad" for reason in bad.values()]
    return "fine", alone + unknown


@dataclass(frozen=True)
class Model:
    """Content of `model.json` and `reference.json`, origin, and first day in service (UTC)."""

    manifest: dict[str, Any]
    reference: dict[str, Any]
    source: str = "models"
    since: date = date.max

    @property
    def trained_as_of(self) -> date:
        """Day before which all training rows were known."""
        return date.fromisoformat(self.manifest["trained_as_of"])


def compare(
    records: Records,
    newest: date | None,
    model: Model,
    as_of: date,
    schema: Schema,
    limits: Monitoring,
    blind: str = "",
) -> dict[str, Any]:
    """Return the report; `newest` is the last day with a record, `blind` says which are missing."""
    findings.check_metrics(model.reference["test"], limits)
    ageless = findings.Finding("age", "fine", "not asked: schema.py names no time column")
    age = findings.find_age(model.trained_as_of, as_of, limits) if schema.time else ageless
    measured = figures(records, model, schema, limits)
    feed = findings.find_silence(newest, as_of, limits, blind)
    invalid = findings.find_invalid(len(records), records.broken, records.left_out, limits)
    later, version = records.count_versions(model.since), model.manifest["version"]
    scored = findings.find_version(version, records.count_versions(), later, model.since)
    found = [feed, invalid, scored, *evaluate_figures(measured, limits), age]
    outcome, reasons = judge(found, model.trained_as_of, as_of, limits.cool_down_days)
    return {
        "as_of": as_of.isoformat(),
        "outcome": outcome,
        "exit_code": EXIT_CODES[outcome],
        "reasons": reasons,
        "findings": [finding._asdict() for finding in found],
        "model": {name: model.manifest[name] for name in ("version", "trained_as_of")}
        | {"source": model.source},
        "limits": limits.model_dump(),
        **measured,
    }


def figures(records: Records, model: Model, schema: Schema, limits: Monitoring) -> dict[str, Any]:
    """Measure drift of all rows, and quality of those that this model scored."""
    task, threshold = schema.target.task, model.manifest["threshold"]
    days, scored, labels = records.scored_by(model.manifest["version"])
    predictions = Predictions(scored, schema.target, threshold)
    reference = model.reference
    columns, count = reference["columns"], reference["training_rows"]
    moved = shifts(records.rows, columns, count) if len(records) else {}
    if len(scored) >= limits.min_rows:
        moved |= shifts(score_columns(predictions), reference["scores"], reference["test_rows"])
    return {
        "rows": len(records),
        "broken": dict(records.broken),
        "left_out": records.left_out,
        "versions": dict(records.count_versions()),
        "labels": int(np.isfinite(labels).sum()),
        "shifts": {name: shift._asdict() for name, shift in moved.items()},
        "drifted": drifted(moved, limits.max_psi),
        "metrics": findings.measure_labelled(task, scored, labels, threshold),
        "test": reference["test"],
        "timeline": findings.timeline(task, days, scored, labels, threshold),
    }


def evaluate_figures(measured: dict[str, Any], limits: Monitoring) -> list[findings.Finding]:
    """Return the findings on drift, quality and floors."""
    metrics, labels = measured["metrics"], measured["labels"]
    moved = {name: Shift(**shift) for name, shift in measured["shifts"].items()}
    return [
        find_drift(moved, measured["rows"], limits),
        findings.find_quality(metrics, labels, measured["test"], limits),
        findings.find_floor(metrics, labels, limits),
    ]
