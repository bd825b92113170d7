"""Quality of predictions with a label: metrics, findings, timeline."""

from typing import Any

import numpy as np

from ..models.metrics import get_metric, improvement, measure_rows
from ..models.scorer import Predictions
from ..params_operation import Monitoring
from ..schema.columns import Rows
from ..schema.contract import Schema
from .findings import Finding

POINTS = 12


def measure_labelled(
    schema: Schema, rows: Rows, labels: np.ndarray, predictions: Predictions, among: Any = True
) -> dict[str, float]:
    """Return the metrics of the rows in a mask whose label is not NaN; empty without such rows."""
    known = among & np.isfinite(labels)
    y = labels if schema.target.task == "regression" else np.nan_to_num(labels).astype(np.int64)
    return measure_rows(schema, rows, y, predictions, known) if known.any() else {}


def check_metrics(test: dict[str, float], limits: Monitoring) -> None:
    """Refuse limits for unknown metrics, with a list of the known ones."""
    for where in ("max_fall", "floors"):
        for name in getattr(limits, where):
            get_metric(test, name, f"monitoring.{where}")


def find_quality(
    measured: dict[str, float], count: int, test: dict[str, float], limits: Monitoring
) -> Finding:
    """Return the finding on quality: whether metrics have fallen below those on the test set."""
    falls = limits.max_fall
    if unknown := find_unknown("quality", measured, count, falls, limits):
        return unknown
    values = [f"{name} {measured[name]:.3f} (test set: {test[name]:.3f})" for name in falls]
    fallen = [n for n, most in falls.items() if improvement(n, test[n], measured[n]) > most]
    if fallen:
        return Finding("quality", "bad", f"{', '.join(values)}: worse by more than max_fall")
    return Finding("quality", "fine", ", ".join(values))


def find_floor(measured: dict[str, float], count: int, limits: Monitoring) -> Finding:
    """Return the finding on floors: whether metrics are worse than `floors`."""
    if unknown := find_unknown("floors", measured, count, limits.floors, limits):
        return unknown
    values = [f"{n} {measured[n]:.3f} (floor: {limit:g})" for n, limit in limits.floors.items()]
    below = [n for n, limit in limits.floors.items() if improvement(n, measured[n], limit) < 0]
    return Finding("floors", "bad" if below else "fine", ", ".join(values))


def find_unknown(
    topic: str, measured: dict[str, float], count: int, wanted: dict[str, float], limits: Monitoring
) -> Finding | None:
    """Return a finding that the wanted metrics are unknown; None if they are known."""
    if not wanted:
        return Finding(topic, "unknown", "params.yaml names no metric for it")
    if count < limits.min_labels:
        few = f"{count:,} rows of this model have a label, min_labels is {limits.min_labels:,}"
        return Finding(topic, "unknown", few)
    if absent := [name for name in wanted if name not in measured]:
        return Finding(topic, "unknown", f"the labels do not allow {', '.join(absent)}")
    return None


def timeline(
    schema: Schema, days: np.ndarray, rows: Rows, labels: np.ndarray, predictions: Predictions
) -> list[dict[str, Any]]:
    """Return metrics of up to 12 periods with equally many labelled days."""
    labelled = np.isfinite(labels)
    labelled_days, points = np.unique(days[labelled]), list[dict[str, Any]]()
    for period in filter(len, np.array_split(labelled_days, min(POINTS, len(labelled_days) or 1))):
        own = labelled & np.isin(days, period)
        metrics = measure_labelled(schema, rows, labels, predictions, own)
        head = {"from": str(period[0]), "to": str(period[-1]), "labels": int(own.sum())}
        points.append({**head, "metrics": metrics})
    return points
