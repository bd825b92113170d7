"""Metrics of predictions by name: those of the task and the project's own."""

from typing import Any

import numpy as np

from ..console import UserError
from ..schema.columns import Rows
from ..schema.contract import Schema, Task
from ..schema.metric import LOWER_IS_BETTER
from .weighted_metrics import REQUIRED, metrics

ALL = slice(None)


def improvement(name: str, candidate: float, other: float) -> float:
    """Return by how much a value is better than another one; negative if it is worse."""
    return other - candidate if name in LOWER_IS_BETTER else candidate - other


def get_metric(measured: dict[str, float], name: str, where: str, y: Any = ()) -> float:
    """Return a metric by name; refuse one that the task, or a numeric target `y`, does not have."""
    if name not in measured:
        allowed = ", ".join(measured)
        if name in REQUIRED and "rmse" in measured:
            required, refused = REQUIRED[name]
            count = np.count_nonzero(refused(np.asarray(y)))
            allowed += f"; {name} requires {required}" + (
                f", {count:,} rows differ" if count else ""
            )
        raise UserError(f"params.yaml: {where} names {name!r}, allowed are {allowed}")
    return measured[name]


def measure(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """Compute the metrics of scores; the arguments are those of `weighted_metrics.metrics`.

    Returns:
        Metric name to value, without metrics that are undefined for the values in `y`.

    Raises:
        UserError: there are no rows, or a score is not a probability, for regression not finite.
    """
    valid = np.isfinite(scores) if task == "regression" else (scores >= 0) & (scores <= 1)
    if not scores.size or not valid.all():
        allowed = "finite numbers" if task == "regression" else "probabilities from 0 to 1"
        found = f"{scores[~valid][0]} in {(~valid).sum()} of" if scores.size else "none in"
        raise UserError(f"metrics need scores that are {allowed}, found {found} {len(scores)} rows")
    prepared = metrics(task, y, scores, threshold)
    values = {name: float(metric(np.ones(len(y)))) for name, metric in prepared.items()}
    return {name: value for name, value in values.items() if not np.isnan(value)}


def measure_rows(
    schema: Schema, rows: Rows, y: np.ndarray, predictions: Any, among: Any = ALL
) -> dict[str, float]:
    """Compute the metrics of predictions and the project's own, of the rows in a mask."""
    scores, threshold = predictions.scores[among], predictions.threshold
    measured = measure(schema.target.task, y[among], scores, threshold)
    own = measure_own(schema, rows, y, predictions, among)
    if taken := measured.keys() & own:
        raise UserError(f"schema.py: metric {min(taken)}, allowed is a name that no other one has")
    return measured | own


def measure_own(
    schema: Schema, rows: Rows, y: np.ndarray, predictions: Any, among: Any = ALL
) -> dict[str, float]:
    """Compute the project's own metrics, without those that are not finite.

    Raises:
        UserError: one of them fails.
    """
    if not schema.metrics:
        return {}
    scores, classes = predictions.scores[among], np.array(schema.target.values)
    target = classes[y[among]] if len(classes) else y[among]
    labels = type(predictions)(scores, schema.target, predictions.threshold).labels()
    known = {name: values[among] for name, values in rows.items()} | {"scores": scores}
    own = {one.name: one.compute(target, np.array(labels), known) for one in schema.metrics}
    return {name: value for name, value in own.items() if np.isfinite(value)}
