"""Metrics of weighted rows, such as bootstrap samples, with the values of scikit-learn's.

In NumPy, as importing scikit-learn takes most of the time of a stage: docs/decisions/0028.
"""

from collections.abc import Callable

import numpy as np

from ..schema.contract import Task

BINS = 10  # of equal width, of the calibration error
Metric = Callable[[np.ndarray], float]  # of the rows' weights [n]; NaN where it is undefined
Ranking = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def metrics(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, Metric]:
    """Prepare the metrics of scores, to be computed for any weights of the rows.

    Args:
        task: the kind of target.
        y: true class indices, or numbers; shape [n], at least one.
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
    hits, ranked = positive & label, ranking(positive, score)
    return {
        "roc_auc": roc_auc(ranked),
        "average_precision": average_precision(ranked),
        "log_loss": mean(log_losses(np.where(positive, score, 1 - score))),
        "brier": mean((positive - score.astype(float)) ** 2),
        "calibration_error": calibration_error(positive, score),
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
        areas.append(roc_auc(ranking(actual, scores[:, index])))
        f1.append(ratio(2 * (actual & predicted), 1 * actual + predicted))
    return {
        "roc_auc": lambda weights: float(np.mean([one(weights) for one in areas])),
        "log_loss": mean(log_losses(scores[np.arange(len(y)), y])),
        "accuracy": mean(y == label),
        "f1_macro": lambda weights: float(np.nanmean([one(weights) for one in f1])),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, Metric]:
    """Prepare the metrics of predicted numbers."""
    error, distance = y - predicted.astype(float), y - y[0]
    squared, centre = mean(error**2), mean(distance)

    def r2(weights: np.ndarray) -> float:
        if np.count_nonzero(weights) < 2:
            return np.nan
        spread = mean((distance - centre(weights)) ** 2)(weights)
        return 1 - squared(weights) / spread if spread else float(squared(weights) == 0)

    return {
        "r2": r2,
        "rmse": lambda weights: float(np.sqrt(squared(weights))),
        "mae": mean(np.abs(error)),
    }


def ratio(part: np.ndarray, whole: np.ndarray, empty: float = np.nan) -> Metric:
    """Return the ratio of two weighted sums, `empty` if the second is 0."""

    def of(weights: np.ndarray) -> float:
        base = weights @ whole
        return float(weights @ part / base) if base else empty

    return of


def mean(values: np.ndarray) -> Metric:
    """Return the weighted mean of values."""
    return ratio(values, np.ones(len(values)))


def log_losses(probability: np.ndarray) -> np.ndarray:
    """Return the log loss of each true class's probability, clipped by its precision."""
    least = np.finfo(probability.dtype).eps
    return -np.log(np.clip(probability, least, 1 - least), dtype=float)


def ranking(positive: np.ndarray, score: np.ndarray) -> Ranking:
    """Return a function of weights: those of negatives and of positives from each score on.

    Both arrays start with 0, for no row, and continue with the highest score.
    """
    tie = np.unique(-score, return_inverse=True)[1] + 1

    def of(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        false, true = (np.bincount(tie, weights * kind) for kind in (~positive, positive))
        return np.cumsum(false), np.cumsum(true)

    return of


def roc_auc(ranked: Ranking) -> Metric:
    """Return the area under the ROC curve."""

    def of(weights: np.ndarray) -> float:
        false, true = ranked(weights)
        pairs = false[-1] * true[-1]
        return float(np.trapezoid(true, false) / pairs) if pairs else np.nan

    return of


def average_precision(ranked: Ranking) -> Metric:
    """Return the precision at each threshold, weighted by the increase in recall."""

    def of(weights: np.ndarray) -> float:
        false, true = ranked(weights)
        if not false[-1] * true[-1]:
            return np.nan
        precision = true[1:] / np.maximum(true + false, np.finfo(float).tiny)[1:]
        return float(np.diff(true) @ precision / true[-1])

    return of


def calibration_error(positive: np.ndarray, score: np.ndarray) -> Metric:
    """Return the expected calibration error with equal-width bins (Guo et al. 2017, eq. 3)."""
    bin_of_row = np.minimum((score * BINS).astype(int), BINS - 1)
    gap = positive - score.astype(float)

    def of(weights: np.ndarray) -> float:
        gaps = np.abs(np.bincount(bin_of_row, weights * gap))
        return float(gaps.sum() / weights.sum()) if weights.any() else np.nan

    return of
