"""Metrics of predictions, by name, and which of two values is better."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..console import UserError
from ..schema.columns import Rows
from ..schema.contract import Schema, Task
from ..schema.metric import LOWER_IS_BETTER
from .weighted_metrics import metrics

if TYPE_CHECKING:  # imports onnxruntime
    from .scorer import Predictions


def improvement(name: str, candidate: float, other: float) -> float:
    """Return by how much a value is better than another one; negative if it is worse."""
    return other - candidate if name in LOWER_IS_BETTER else candidate - other


def measure(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """Compute the metrics of scores; the arguments are those of `weighted_metrics.metrics`.

    Returns:
        Metric name to value, without metrics that are undefined for the classes in `y`.

    Raises:
        UserError: there are no rows, or a score is not a probability, for regression not finite.
    """
    check_scores(task, scores)
    prepared = metrics(task, y, scores, threshold)
    values = {name: float(metric(np.ones(len(y)))) for name, metric in prepared.items()}
    return {name: value for name, value in values.items() if not np.isnan(value)}


def measure_rows(
    schema: Schema, rows: Rows, y: np.ndarray, predictions: "Predictions", among: np.ndarray
) -> dict[str, float]:
    """Compute the metrics of scores and the project's own, of the rows in a mask [n].

    Raises:
        UserError: as `measure`; or one of the project's own fails.
    """
    scores, threshold = predictions.scores[among], predictions.threshold
    measured = measure(schema.target.task, y[among], scores, threshold)
    return measured | measure_own(schema, rows, y, predictions, among)


def measure_own(
    schema: Schema, rows: Rows, y: np.ndarray, predictions: "Predictions", among: np.ndarray
) -> dict[str, float]:
    """Compute the project's own metrics, as `measure_rows`, without those that are not finite."""
    if not schema.metrics:
        return {}
    values, scores = schema.target.values, predictions.scores[among]
    target = np.array(values)[y[among]] if values else y[among]
    prediction = np.array(replace(predictions, scores=scores).labels())
    known = {name: column[among] for name, column in rows.items()} | {"scores": scores}
    own = {one.name: one.compute(target, prediction, known) for one in schema.metrics}
    return {name: value for name, value in own.items() if np.isfinite(value)}


def check_own(schema: Schema, measured: dict[str, float]) -> None:
    """Refuse metrics of the project's own that are not finite, by file and function."""
    for one in schema.metrics:
        if one.name not in measured:
            raise UserError(
                f"{one.place} returns no finite number for the validation rows, as predicted by "
                "the baseline, allowed is a finite number"
            )


def check_scores(task: Task, scores: np.ndarray) -> None:
    """Refuse scores that are not probabilities, for regression not finite, and no scores."""
    valid = np.isfinite(scores) if task == "regression" else (scores >= 0) & (scores <= 1)
    if not scores.size or not valid.all():
        allowed = "finite numbers" if task == "regression" else "probabilities from 0 to 1"
        found = f"{scores[~valid][0]} in {(~valid).sum()} of" if scores.size else "none in"
        raise UserError(f"metrics need scores that are {allowed}, found {found} {len(scores)} rows")


def get_metric(measured: dict[str, float], name: str, where: str) -> float:
    """Return a metric by name; refuse one that does not exist for the task."""
    if name not in measured:
        raise UserError(f"params.yaml: {where} names {name!r}, allowed are {', '.join(measured)}")
    return measured[name]
