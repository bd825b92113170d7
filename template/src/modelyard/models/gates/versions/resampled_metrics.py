"""Fast metrics of bootstrap samples, computed from the number of times each row was drawn.

The metrics are those of `metrics.measure`; tests compare them with scikit-learn's values.
"""

from collections.abc import Callable

import numpy as np

from ....schema.contract import Task

Metric = Callable[[np.ndarray], float]
BINS = 10


def resampled(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, Metric]:
    """Return the metrics of `metrics.measure` as functions of draw counts.

    Returns:
        Metric name to a function from the draw count of each row [n] to the metric of the sample;
        NaN where the sample lacks a class that the metric needs.
    """
    if task == "binary":
        return binary(y.astype(bool), scores[:, 1].astype(float), scores[:, 1] >= threshold)
    if task == "multiclass":
        return multiclass(y, scores.astype(float))
    return regression(y.astype(float), scores[:, 0].astype(float))


def binary(y: np.ndarray, score: np.ndarray, label: np.ndarray) -> dict[str, Metric]:
    """Return the metrics of two classes; `y` are the true and `label` the predicted positives."""
    return {
        "roc_auc": roc_auc(y, score),
        "average_precision": average_precision(y, score),
        "log_loss": mean(log_losses(np.where(y, score, 1 - score))),
        "brier": mean((y - score) ** 2),
        "calibration_error": calibration_error(y, score),
        "accuracy": mean(y == label),
        "precision": share(y & label, label.astype(int)),
        "recall": share(y & label, y.astype(int)),
        "f1": share(2 * (y & label), y.astype(int) + label),
    }


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, Metric]:
    """Return the metrics of several classes."""
    label, classes = scores.argmax(axis=1), range(scores.shape[1])
    areas = [roc_auc(y == index, scores[:, index]) for index in classes]
    return {
        "roc_auc": lambda counts: float(np.mean([one(counts) for one in areas])),
        "log_loss": mean(log_losses(scores[np.arange(len(y)), y])),
        "accuracy": mean(y == label),
        "f1_macro": f1_macro(y, label, len(classes)),
    }


def f1_macro(y: np.ndarray, label: np.ndarray, classes: int) -> Metric:
    """Return the mean F1 of the classes that occur among true or predicted labels of the sample."""

    def of(counts: np.ndarray) -> float:
        hits = np.bincount(y, counts * (y == label), minlength=classes)
        base = np.bincount(y, counts, classes) + np.bincount(label, counts, classes)
        return float(np.mean(2 * hits[base > 0] / base[base > 0]))

    return of


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, Metric]:
    """Return the metrics of predicted numbers."""
    squares, centred = (y - predicted) ** 2, y - y.mean()

    def r2(counts: np.ndarray) -> float:
        spread = counts @ centred**2 - (counts @ centred) ** 2 / counts.sum()
        return float(1 - counts @ squares / spread) if spread > 0 else np.nan

    squared = mean(squares)
    return {
        "r2": r2,
        "rmse": lambda counts: float(np.sqrt(squared(counts))),
        "mae": mean(np.abs(y - predicted)),
    }


def mean(values: np.ndarray) -> Metric:
    """Return the mean of values over the sample."""
    return lambda counts: float(counts @ values / counts.sum())


def share(hits: np.ndarray, base: np.ndarray) -> Metric:
    """Return the ratio of two sums over the sample, 0 if the second is 0."""

    def quotient(counts: np.ndarray) -> float:
        whole = counts @ base
        return float(counts @ hits / whole) if whole else 0.0

    return quotient


def log_losses(probability: np.ndarray) -> np.ndarray:
    """Return the log loss of each row, clipped as in scikit-learn."""
    least = np.finfo(np.float32).eps
    return -np.log(np.clip(probability, least, 1 - least))


def roc_auc(positive: np.ndarray, score: np.ndarray) -> Metric:
    """Return the area under the ROC curve: the share of pairs in the right order."""
    tie = np.unique(score, return_inverse=True)[1]

    def of(counts: np.ndarray) -> float:
        yes, no = np.bincount(tie, counts * positive), np.bincount(tie, counts * ~positive)
        pairs = yes.sum() * no.sum()
        return float(yes @ (np.cumsum(no) - no / 2) / pairs) if pairs else np.nan

    return of


def average_precision(positive: np.ndarray, score: np.ndarray) -> Metric:
    """Return the average precision: precisions weighted by the increase in recall."""
    tie = np.unique(-score, return_inverse=True)[1]

    def of(counts: np.ndarray) -> float:
        yes, drawn = np.bincount(tie, counts * positive), np.bincount(tie, counts)
        precision = np.cumsum(yes) / np.maximum(np.cumsum(drawn), 1)
        return float(yes @ precision / yes.sum()) if yes.any() else np.nan

    return of


def calibration_error(positive: np.ndarray, score: np.ndarray) -> Metric:
    """Return the expected calibration error with equal-width bins."""
    bin_of_row = np.minimum((score * BINS).astype(int), BINS - 1)

    def of(counts: np.ndarray) -> float:
        gaps = np.bincount(bin_of_row, counts * (positive - score), minlength=BINS)
        return float(np.abs(gaps).sum() / counts.sum())

    return of
