"""Metrics of scores for each kind of task, by name, and which of two values is better."""

import numpy as np

from ..console import UserError
from ..schema.contract import Task
from .weighted_metrics import metrics

LOWER_IS_BETTER = ("log_loss", "brier", "calibration_error", "rmse", "mae")


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
