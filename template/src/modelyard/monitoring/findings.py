"""Findings of the monitor on the model's age, the feed, the records and the quality."""

from collections import Counter
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np

from ..console import UserError
from ..models.metrics import get_metric, improvement, measure
from ..params_operation import Monitoring
from ..schema.contract import Task

Status = Literal["fine", "bad", "unknown"]
POINTS = 12  # of a timeline, at most
MAX_OTHER_SHARE = 0.5  # of the rows: a canary may send the candidate half of the requests


class Finding(NamedTuple):
    """Topic, status and explanation; one line of the report."""

    topic: str
    status: Status
    reason: str


def find_age(trained_as_of: date, as_of: date, limits: Monitoring) -> Finding:
    """Return the finding on the age of a model trained on the rows before `trained_as_of`."""
    days = (as_of - trained_as_of).days
    if days < 0:
        raise UserError(f"AS_OF is {as_of}, must be the model's day {trained_as_of} or later")
    status: Status = "bad" if days > limits.max_age_days else "fine"
    return Finding("age", status, f"{days:,} days (max_age_days is {limits.max_age_days:,})")


def find_silence(newest: date | None, as_of: date, limits: Monitoring, blind: str = "") -> Finding:
    """Return the finding on the feed; `newest` is the last day with a record."""
    if blind:
        return Finding("feed", "bad", blind)
    if newest is None:
        return Finding("feed", "unknown", "nothing recorded yet")
    silent = (as_of - newest).days
    text = f"last record on {newest}, {silent:,} days ago"
    if silent > limits.max_silent_days:
        return Finding("feed", "bad", f"{text} (max_silent_days is {limits.max_silent_days:,})")
    return Finding("feed", "fine", text)


def find_version(version: str, rows: Counter[str], later: Counter[str], since: date) -> Finding:
    """Return the finding on rows of other models; `later` counts those after the day `since`."""
    others = {name: count for name, count in rows.items() if name != version}
    count, wrong = sum(others.values()), later.total() - later[version]
    text = f"{count:,} of {rows.total():,} rows are of other models"
    text += f", most often {max(others, key=others.__getitem__)}" if others else ""
    if wrong > MAX_OTHER_SHARE * later.total():
        return Finding(
            "version", "bad", f"{text}; {wrong:,} of the {later.total():,} after {since}"
        )
    known = rows and count <= MAX_OTHER_SHARE * rows.total()
    return Finding("version", "fine" if known else "unknown", text)


def find_invalid(valid: int, broken: Counter[str], left_out: int, limits: Monitoring) -> Finding:
    """Return the finding on invalid records, by location, and the rows left out for a quota."""
    invalid = broken.total()
    text = f"{invalid:,} of {valid + invalid:,} recorded rows are invalid"
    if broken:
        text += f", most often in {broken.most_common(1)[0][0]}"
    if left_out:
        text += f"; {left_out:,} more rows were left out for the quota of a day"
    if valid + invalid < limits.min_rows:
        return Finding("records", "unknown", f"{text}; min_rows is {limits.min_rows:,}")
    share = invalid / (valid + invalid)
    return Finding("records", "bad" if share > limits.max_broken_share else "fine", text)


def measure_labelled(
    task: Task, scores: np.ndarray, labels: np.ndarray, threshold: float
) -> dict[str, float]:
    """Return the metrics of the rows whose label is not NaN; empty without such rows."""
    known = np.isfinite(labels)
    if not known.any():
        return {}
    y = labels[known] if task == "regression" else labels[known].astype(np.int64)
    return measure(task, y, scores[known], threshold)


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
    task: Task, days: np.ndarray, scores: np.ndarray, labels: np.ndarray, threshold: float
) -> list[dict[str, Any]]:
    """Return metrics of up to 12 periods with equally many labelled days."""
    rows = np.flatnonzero(np.isfinite(labels))
    labelled_days, points = np.unique(days[rows]), list[dict[str, Any]]()
    for period in filter(len, np.array_split(labelled_days, min(POINTS, len(labelled_days) or 1))):
        own = rows[np.isin(days[rows], period)]
        metrics = measure_labelled(task, scores[own], labels[own], threshold)
        head = {"from": str(period[0]), "to": str(period[-1]), "labels": len(own)}
        points.append({**head, "metrics": metrics})
    return points
