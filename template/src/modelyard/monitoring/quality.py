"""How good the predictions are whose labels have come."""

from typing import Any

import numpy as np

from ..models.metrics import better_by, measure, need
from ..schema.contract import Task
from .findings import Finding
from .params import Monitoring

POINTS = 12


def labelled(
    task: Task, scores: np.ndarray, labels: np.ndarray, threshold: float
) -> dict[str, float]:
    """Measure the rows that have a label; without one there are no metrics.

    Args:
        task: decides which metrics there are.
        scores: [n, classes] or [n, 1].
        labels: the class's place or the number [n], NaN where none has come.
        threshold: the score from which two classes' positive one is predicted.
    """
    known = np.isfinite(labels)
    if not known.any():
        return {}
    y = labels[known] if task == "regression" else labels[known].astype(np.int64)
    return measure(task, y, scores[known], threshold)


def check_names(test: dict[str, float], limits: Monitoring) -> None:
    """Refuse limits for metrics that this task has not, and list those that there are."""
    for where in ("max_fall", "floors"):
        for name in getattr(limits, where):
            need(test, name, f"monitoring.{where}")


def find_quality(
    measured: dict[str, float], count: int, test: dict[str, float], limits: Monitoring
) -> Finding:
    """Say which metrics have fallen since the gate measured them.

    Args:
        measured: metric to value on the rows with a label.
        count: how many rows that are.
        test: metric to value on the gate's test rows.
        limits: the section of `params.yaml`.
    """
    lacking = too_few("quality", measured, count, limits.max_fall, limits)
    if lacking:
        return lacking
    falls = limits.max_fall
    told = [f"{name} {measured[name]:.3f} (test rows: {test[name]:.3f})" for name in falls]
    fallen = [n for n, most in falls.items() if better_by(n, test[n], measured[n]) > most]
    if fallen:
        return Finding("quality", "bad", f"{', '.join(told)}: worse by more than max_fall")
    return Finding("quality", "fine", ", ".join(told))


def find_floor(measured: dict[str, float], count: int, limits: Monitoring) -> Finding:
    """Say which metrics lie beyond what may ever be served."""
    lacking = too_few("floors", measured, count, limits.floors, limits)
    if lacking:
        return lacking
    told = [f"{n} {measured[n]:.3f} (floor: {limit:g})" for n, limit in limits.floors.items()]
    below = [n for n, limit in limits.floors.items() if better_by(n, measured[n], limit) < 0]
    return Finding("floors", "bad" if below else "fine", ", ".join(told))


def too_few(
    topic: str, measured: dict[str, float], count: int, asked: dict[str, float], limits: Monitoring
) -> Finding | None:
    """Say why the asked metrics are unknown; None if they are known."""
    if not asked:
        return Finding(topic, "unknown", "params.yaml names no metric for it")
    if count < limits.min_labels:
        few = f"{count:,} rows have a label, min_labels is {limits.min_labels:,}"
        return Finding(topic, "unknown", few)
    absent = [name for name in asked if name not in measured]
    if absent:
        return Finding(topic, "unknown", f"the labels are too much alike for {', '.join(absent)}")
    return None


def timeline(
    task: Task, days: np.ndarray, scores: np.ndarray, labels: np.ndarray, threshold: float
) -> list[dict[str, Any]]:
    """Measure stretches of as many days with labels each, 2 to 12 of them; one tells no more."""
    rows = np.flatnonzero(np.isfinite(labels))
    labelled_days, points = np.unique(days[rows]), list[dict[str, Any]]()
    if len(labelled_days) < 2:
        return []
    for stretch in np.array_split(labelled_days, min(POINTS, len(labelled_days))):
        own = rows[np.isin(days[rows], stretch)]
        metrics = labelled(task, scores[own], labels[own], threshold)
        named = {"from": str(stretch[0]), "to": str(stretch[-1]), "labels": len(own)}
        points.append({**named, "metrics": metrics})
    return points
