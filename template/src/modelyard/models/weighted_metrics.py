"""Metrics of weighted rows, such as bootstrap samples, with the values of scikit-learn's.

In NumPy, as importing scikit-learn takes most of the time of a stage: docs/decisions/0028.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..schema.contract import Task

BINS = 10  # of equal width, of the calibration error
TINY = float(np.finfo(np.float32).tiny)  # the least positive number
Weighted = Callable[[np.ndarray], Any]  # a metric of the rows' weights [n]; NaN if undefined
REQUIRED: dict[str, tuple[str, Callable[[np.ndarray], Any]]] = {
    "mape": ("a target without 0", lambda y: y == 0),
    "rmsle": ("a target of at least 0", lambda y: y < 0),
    "poisson_deviance": ("a target of at least 0", lambda y: y < 0),
}


def metrics(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, Weighted]:
    """Prepare the metrics of scores, to be computed for any weights of the rows.

    Args:
        task: the kind of target.
        y: true class indices, or numbers; shape [n].
        scores: probabilities [n, classes], or predicted numbers [n, 1].
        threshold: the score from which the positive of two classes is predicted.
    """
    if task == "binary":
        return binary(y == 1, scores[:, 1], threshold)
    return multiclass(y, scores) if task == "multiclass" else regression(y, scores[:, 0])


def binary(positive: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, Weighted]:
    """Prepare the metrics of the positive class's probabilities."""
    label, gap = score >= threshold, positive - score.astype(float)
    hits = positive & label
    return {
        "roc_auc": ranking(positive, score, roc_auc),
        "average_precision": ranking(positive, score, average_precision),
        "log_loss": mean(log_losses(np.where(positive, score, 1 - score))),
        "brier": mean(gap**2),
        "calibration_error": calibration_error(score, gap),
        "accuracy": mean(positive == label),
        "precision": ratio(hits, label, empty=0.0),
        "recall": ratio(hits, positive, empty=0.0),
        "f1": ratio(2 * hits, 1 * positive + label, empty=0.0),
    }


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, Weighted]:
    """Prepare the metrics of multiclass probabilities."""
    label, each = scores.argmax(axis=1), np.eye(scores.shape[1], dtype=bool).T
    areas = [ranking(one[y], score, roc_auc) for one, score in zip(each, scores.T, strict=True)]
    f1 = [ratio(2 * (one[y] & one[label]), 1 * one[y] + one[label]) for one in each]
    return {
        "roc_auc": lambda weights: np.mean([one(weights) for one in areas]),
        "log_loss": mean(log_losses(scores[np.arange(len(y)), y])),
        "accuracy": mean(y == label),
        "f1_macro": lambda weights: np.nanmean([one(weights) for one in f1]),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, Weighted]:
    """Prepare the metrics of predicted numbers that the target allows (`REQUIRED`).

    Numbers that are all equal have no R². Below 0 a prediction counts as 0 in `rmsle`, and as the
    least positive number in `poisson_deviance`.
    """
    number = predicted.astype(float)
    error, least = y - number, np.maximum(number, TINY)
    centre, squared = mean(y), mean(error**2)

    def r2(weights: np.ndarray) -> Any:
        equal = len(np.unique(y[weights > 0])) < 2
        return np.nan if equal else 1 - squared(weights) / mean((y - centre(weights)) ** 2)(weights)

    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.log1p(y) - np.log1p(np.maximum(number, 0))
        deviance = 2 * (np.where(y > 0, y * np.log(y / least), 0) - y + least)
        relative = np.abs(error / y)
    found = {
        "r2": r2,
        "rmse": lambda weights: np.sqrt(squared(weights)),
        "mae": mean(np.abs(error)),
        "mape": mean(relative),
        "rmsle": lambda weights: np.sqrt(mean(logarithms**2)(weights)),
        "poisson_deviance": mean(deviance),
        "pinball_10": mean(np.maximum(0.1 * error, -0.9 * error)),
        "pinball_90": mean(np.maximum(0.9 * error, -0.1 * error)),
    }
    lacking = {name for name, (_, refused) in REQUIRED.items() if refused(y).any()}
    return {name: metric for name, metric in found.items() if name not in lacking}


def ratio(part: np.ndarray, whole: np.ndarray, empty: float = np.nan) -> Weighted:
    """Return the ratio of two weighted sums, `empty` if the second is 0."""
    return lambda weights: weights @ part / base if (base := weights @ whole) else empty


def mean(values: np.ndarray) -> Weighted:
    """Return the weighted mean of values."""
    return ratio(values, np.ones(len(values)))


def log_losses(probability: np.ndarray) -> np.ndarray:
    """Return the log loss of each true class's probability, clipped by its precision."""
    least = np.finfo(probability.dtype).eps
    return -np.log(np.clip(probability, least, 1 - least), dtype=float)


def ranking(positive: np.ndarray, score: np.ndarray, summary: Callable[..., Any]) -> Weighted:
    """Return a summary of the negatives and positives from each score on, NaN without both.

    Both arrays start with 0, for no row, and continue with the highest score.
    """
    tie = np.unique(-score, return_inverse=True)[1] + 1

    def of(weights: np.ndarray) -> Any:
        false, true = (np.cumsum(np.bincount(tie, weights * one)) for one in (~positive, positive))
        return summary(false, true) if false[-1] and true[-1] else np.nan

    return of


def roc_auc(false: np.ndarray, true: np.ndarray) -> Any:
    """Return the area under the ROC curve."""
    return np.trapezoid(true / true[-1], false / false[-1])


def average_precision(false: np.ndarray, true: np.ndarray) -> Any:
    """Return the precision at each threshold, weighted by the increase in recall."""
    precision = true / np.maximum(true + false, TINY)
    return np.diff(true) @ precision[1:] / true[-1]


def calibration_error(score: np.ndarray, gap: np.ndarray) -> Weighted:
    """Return the expected calibration error with equal-width bins (Guo et al. 2017, eq. 3)."""
    bins = np.minimum((score * BINS).astype(int), BINS - 1)
    return lambda weights: np.abs(np.bincount(bins, weights * gap)).sum() / weights.sum()
