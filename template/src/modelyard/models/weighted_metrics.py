"""Metrics of weighted rows, such as bootstrap samples, with the values of scikit-learn's.

In NumPy, as importing scikit-learn takes most of the time of a stage: docs/decisions/0028.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..schema.contract import Task

BINS = 10  # of equal width, of the calibration error
Metric = Callable[[np.ndarray], Any]  # a number of the rows' weights [n]; NaN where it is undefined


def metrics(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, Metric]:
    """Prepare the metrics of scores, to be computed for any weights of the rows.

    Args:
        task: the kind of target.
        y: true class indices, or numbers; shape [n].
        scores: probabilities [n, classes], or predicted numbers [n, 1].
        threshold: the score from which the positive of two classes is predicted.

    Returns:
        Metric name to a function of the weights [n], for example how often each row was drawn.
    """
    if task == "binary":
        return binary(y == 1, scores[:, 1], threshold)
    return multiclass(y, scores) if task == "multiclass" else regression(y, scores[:, 0])


def binary(positive: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, Metric]:
    """Prepare the metrics of the positive class's probabilities."""
    label = score >= threshold
    hits, gap = positive & label, positive - score.astype(float)
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


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, Metric]:
    """Prepare the metrics of multiclass probabilities."""
    label, areas, f1 = scores.argmax(axis=1), list[Metric](), list[Metric]()
    for index in range(scores.shape[1]):
        actual, predicted = y == index, label == index
        areas.append(ranking(actual, scores[:, index], roc_auc))
        f1.append(ratio(2 * (actual & predicted), 1 * actual + predicted))
    return {
        "roc_auc": lambda weights: np.mean([one(weights) for one in areas]),
        "log_loss": mean(log_losses(scores[np.arange(len(y)), y])),
        "accuracy": mean(y == label),
        "f1_macro": lambda weights: np.nanmean([one(weights) for one in f1]),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, Metric]:
    """Prepare the metrics of predicted numbers; numbers that are all equal have no R²."""
    error = y - predicted.astype(float)
    centre, squared = mean(y), mean(error**2)

    def r2(weights: np.ndarray) -> float:
        if len(np.unique(y[weights > 0])) < 2:
            return np.nan
        return 1 - squared(weights) / mean((y - centre(weights)) ** 2)(weights)

    return {
        "r2": r2,
        "rmse": lambda weights: np.sqrt(squared(weights)),
        "mae": mean(np.abs(error)),
    }


def ratio(part: np.ndarray, whole: np.ndarray, empty: float = np.nan) -> Metric:
    """Return the ratio of two weighted sums, `empty` if the second is 0."""
    return lambda weights: weights @ part / base if (base := weights @ whole) else empty


def mean(values: np.ndarray) -> Metric:
    """Return the weighted mean of values."""
    return ratio(values, np.ones(len(values)))


def log_losses(probability: np.ndarray) -> np.ndarray:
    """Return the log loss of each true class's probability, clipped by its precision."""
    least = np.finfo(probability.dtype).eps
    return -np.log(np.clip(probability, least, 1 - least), dtype=float)


def ranking(positive: np.ndarray, score: np.ndarray, summary: Callable[..., float]) -> Metric:
    """Return a summary of the negatives and positives from each score on, NaN without both.

    Both arrays start with 0, for no row, and continue with the highest score.
    """
    tie = np.unique(-score, return_inverse=True)[1] + 1

    def of(weights: np.ndarray) -> float:
        false, true = (np.cumsum(np.bincount(tie, weights * one)) for one in (~positive, positive))
        return summary(false, true) if false[-1] and true[-1] else np.nan

    return of


def roc_auc(false: np.ndarray, true: np.ndarray) -> float:
    """Return the area under the ROC curve."""
    return float(np.trapezoid(true / true[-1], false / false[-1]))


def average_precision(false: np.ndarray, true: np.ndarray) -> float:
    """Return the precision at each threshold, weighted by the increase in recall."""
    precision = true / np.maximum(true + false, np.finfo(float).tiny)
    return float(np.diff(true) @ precision[1:] / true[-1])


def calibration_error(score: np.ndarray, gap: np.ndarray) -> Metric:
    """Return the expected calibration error with equal-width bins (Guo et al. 2017, eq. 3)."""
    bins = np.minimum((score * BINS).astype(int), BINS - 1)
    return lambda weights: np.abs(np.bincount(bins, weights * gap)).sum() / weights.sum()
