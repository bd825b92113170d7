"""Comparison of recorded predictions with the model's reference: figures, findings, verdict."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ..models.reference_profile import score_columns
from ..models.scorer import Predictions
from ..schema.contract import Schema
from .drift import Shift, drifted, find_drift, shifts
from .findings import Finding, find_age, find_invalid, find_silence
from .params import Monitoring
from .quality import check_metrics, find_floor, find_quality, measure_labelled, timeline
from .records import Records
from .verdict import EXIT_CODES, judge


@dataclass(frozen=True)
class Model:
    """The accepted model: content of `models/model.json` and of `models/reference.json`."""

    manifest: dict[str, Any]
    reference: dict[str, Any]

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
    check_metrics(model.reference["test"], limits)
    age = find_age(model.trained_as_of, as_of, limits)
    measured = figures(records, model, schema, limits)
    feed = find_silence(newest, as_of, limits, blind)
    invalid = find_invalid(len(records), records.broken, limits)
    findings = [feed, invalid, *evaluate_figures(measured, limits), age]
    verdict = judge(findings, model.trained_as_of, as_of, limits.cool_down_days)
    return {
        "as_of": as_of.isoformat(),
        "outcome": verdict.outcome,
        "exit_code": EXIT_CODES[verdict.outcome],
        "reasons": verdict.reasons,
        "findings": [finding._asdict() for finding in findings],
        "model": {name: model.manifest[name] for name in ("version", "trained_as_of")},
        "limits": limits.model_dump(),
        **measured,
    }


def figures(records: Records, model: Model, schema: Schema, limits: Monitoring) -> dict[str, Any]:
    """Measure drift of all rows, and quality of those that this model scored."""
    task, threshold = schema.target.task, model.manifest["threshold"]
    days, scored, labels = records.scored_by(model.manifest["version"])
    predictions = Predictions(scored, schema.target, threshold)
    moved = measure_shifts(records, predictions, model.reference, limits)
    return {
        "rows": len(records),
        "broken": dict(records.broken),
        "versions": dict(Counter(records.versions.tolist())),
        "labels": int(np.isfinite(labels).sum()),
        "shifts": {name: shift._asdict() for name, shift in moved.items()},
        "drifted": drifted(moved, limits.max_psi),
        "metrics": measure_labelled(task, scored, labels, threshold),
        "test": model.reference["test"],
        "timeline": timeline(task, days, scored, labels, threshold),
    }


def measure_shifts(
    records: Records, predictions: Predictions, reference: dict[str, Any], limits: Monitoring
) -> dict[str, Shift]:
    """Return the shift of each column, and of the scores if there are at least `min_rows`."""
    columns, count = reference["columns"], reference["training_rows"]
    moved = shifts(records.rows, columns, count) if len(records) else {}
    if len(predictions.scores) < limits.min_rows:
        return moved
    return moved | shifts(score_columns(predictions), reference["scores"], reference["test_rows"])


def evaluate_figures(measured: dict[str, Any], limits: Monitoring) -> list[Finding]:
    """Return the findings on drift, quality and floors."""
    metrics, labels = measured["metrics"], measured["labels"]
    moved = {name: Shift(**shift) for name, shift in measured["shifts"].items()}
    return [
        find_drift(moved, measured["rows"], limits),
        find_quality(metrics, labels, measured["test"], limits),
        find_floor(metrics, labels, limits),
    ]
