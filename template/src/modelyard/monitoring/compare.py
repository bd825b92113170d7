"""What was recorded beside what the model was made from: figures, findings, verdict."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ..models.reference_profile import scores
from ..models.scorer import Predictions
from ..schema.contract import Schema
from .drift import Shift, drifted, find_drift, shifts
from .findings import Finding, find_age, find_broken, find_silence
from .params import Monitoring
from .quality import check_names, find_floor, find_quality, labelled, timeline
from .records import Recorded
from .verdict import EXIT_CODES, judge


@dataclass(frozen=True)
class Model:
    """The accepted model: `about` as `models/model.json`, `reference` as `reference.json`."""

    about: dict[str, Any]
    reference: dict[str, Any]

    @property
    def trained_as_of(self) -> date:
        """The day up to which the training rows were known."""
        return date.fromisoformat(self.about["trained_as_of"])


def compare(
    recorded: Recorded,
    newest: date | None,
    model: Model,
    as_of: date,
    schema: Schema,
    limits: Monitoring,
) -> dict[str, Any]:
    """Make the report.

    Args:
        recorded: the rows of the window that ends with `as_of`.
        newest: the last day on which anything was recorded, in the window or before it.
        model: the accepted one.
        as_of: the day it is.
        schema: what the rows keep.
        limits: the section of `params.yaml`.

    Raises:
        UserError: `as_of` is before the model's day, or a limit is for an unknown metric.
    """
    check_names(model.reference["test"], limits)
    age = find_age(model.trained_as_of, as_of, limits)
    shown = figures(recorded, model, schema, limits)
    silence = find_silence(newest, as_of, limits)
    broken = find_broken(len(recorded), recorded.broken, limits)
    findings = [silence, broken, *find_decay(shown, limits), age]
    verdict = judge(findings, model.trained_as_of, as_of, limits.cool_down_days)
    return {
        "as_of": as_of.isoformat(),
        "outcome": verdict.outcome,
        "exit_code": EXIT_CODES[verdict.outcome],
        "reasons": verdict.reasons,
        "findings": [finding._asdict() for finding in findings],
        "model": {name: model.about[name] for name in ("version", "trained_as_of")},
        "limits": limits.model_dump(),
        **shown,
    }


def figures(recorded: Recorded, model: Model, schema: Schema, limits: Monitoring) -> dict[str, Any]:
    """Measure the rows, and what this model said of them."""
    task, least = schema.target.task, model.about["threshold"]
    days, said, labels = recorded.of(model.about["version"])
    moved = moves(recorded, Predictions(said, schema.target, least), model.reference, limits)
    return {
        "rows": len(recorded),
        "broken": dict(recorded.broken),
        "versions": dict(Counter(recorded.versions.tolist())),
        "labels": int(np.isfinite(labels).sum()),
        "shifts": {name: shift._asdict() for name, shift in moved.items()},
        "drifted": drifted(moved, limits.max_psi),
        "metrics": labelled(task, said, labels, least),
        "test": model.reference["test"],
        "timeline": timeline(task, days, said, labels, least),
    }


def moves(
    recorded: Recorded, said: Predictions, reference: dict[str, Any], limits: Monitoring
) -> dict[str, Shift]:
    """Say how far columns have moved, and scores if this model gave enough of them."""
    columns, told = reference["columns"], reference["scores"]
    moved = shifts(recorded.rows, columns, reference["training_rows"]) if len(recorded) else {}
    if len(said.scores) < limits.min_rows:
        return moved
    return moved | shifts(scores(said), told, reference["test_rows"])


def find_decay(shown: dict[str, Any], limits: Monitoring) -> list[Finding]:
    """Judge what `figures` gives."""
    metrics, labels = shown["metrics"], shown["labels"]
    moved = {name: Shift(**shift) for name, shift in shown["shifts"].items()}
    return [
        find_drift(moved, shown["rows"], limits),
        find_quality(metrics, labels, shown["test"], limits),
        find_floor(metrics, labels, limits),
    ]
