"""Metrics of resamples of the same rows, fast: from how often each row was drawn.

They are those of `metrics.measure`; a test holds each to scikit-learn's value on the drawn rows.
"""

from collections.abc import Callable

import numpy as np

from ....schema.contract import Task

Counted = Callable[[np.ndarray], float]
BINS = 10


def counted(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, Counted]:
    """Prepare each metric of a task.

    Args:
        task: decides which metrics there are.
        y: as in `metrics.measure`.
        scores: as in `metrics.measure`.
        threshold: as in `metrics.measure`.

    Returns:
        Metric name to a function from how often each row was drawn [n] to the metric of those
        draws; it gives NaN where they lack a class that the metric needs.
    """
    if task == "binary":
        return binary(y.astype(bool), scores[:, 1].astype(float), scores[:, 1] >= threshold)
    if task == "multiclass":
        return multiclass(y, scores.astype(float))
    return regression(y.astype(float), scores[:, 0].astype(float))


def binary(y: np.ndarray, score: np.ndarray, label: np.ndarray) -> dict[str, Counted]:
    """Prepare the metrics of two classes: `y` and `label` say which rows are, are said positive."""
    return {
        "roc_auc": area(y, score),
        "average_precision": average_precision(y, score),
        "log_loss": mean(surprise(np.where(y, score, 1 - score))),
        "brier": mean((y - score) ** 2),
        "calibration_error": calibration_error(y, score),
        "accuracy": mean(y == label),
        "precision": share(y & label, label.astype(int)),
        "recall": share(y & label, y.astype(int)),
        "f1": share(2 * (y & label), y.astype(int) + label),
    }


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, Counted]:
    """Prepare the metrics of several classes."""
    label, classes = scores.argmax(axis=1), range(scores.shape[1])
    areas = [area(y == place, scores[:, place]) for place in classes]
    return {
        "roc_auc": lambda counts: float(np.mean([one(counts) for one in areas])),
        "log_loss": mean(surprise(scores[np.arange(len(y)), y])),
        "accuracy": mean(y == label),
        "f1_macro": f1_macro(y, label, len(classes)),
    }


def f1_macro(y: np.ndarray, label: np.ndarray, classes: int) -> Counted:
    """Prepare the mean of the classes' F1; a class that no draw is or is said to be has none."""

    def of(counts: np.ndarray) -> float:
        hits = np.bincount(y, counts * (y == label), minlength=classes)
        base = np.bincount(y, counts, classes) + np.bincount(label, counts, classes)
        return float(np.mean(2 * hits[base > 0] / base[base > 0]))

    return of


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, Counted]:
    """Prepare the metrics of numbers."""
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


def mean(values: np.ndarray) -> Counted:
    """Prepare a mean over the draws."""
    return lambda counts: float(counts @ values / counts.sum())


def share(hits: np.ndarray, base: np.ndarray) -> Counted:
    """Prepare a quotient of two sums, 0 where the second is."""

    def quotient(counts: np.ndarray) -> float:
        whole = counts @ base
        return float(counts @ hits / whole) if whole else 0.0

    return quotient


def surprise(probability: np.ndarray) -> np.ndarray:
    """Give the negative logarithm of what was said of the truth, finite as in scikit-learn."""
    least = np.finfo(np.float32).eps
    return -np.log(np.clip(probability, least, 1 - least))


def area(positive: np.ndarray, score: np.ndarray) -> Counted:
    """Prepare the area under the ROC curve: the share of pairs in the right order."""
    tie = np.unique(score, return_inverse=True)[1]

    def of(counts: np.ndarray) -> float:
        yes, no = np.bincount(tie, counts * positive), np.bincount(tie, counts * ~positive)
        pairs = yes.sum() * no.sum()
        return float(yes @ (np.cumsum(no) - no / 2) / pairs) if pairs else np.nan

    return of


def average_precision(positive: np.ndarray, score: np.ndarray) -> Counted:
    """Prepare the mean of the precisions, weighted by the gain in recall."""
    tie = np.unique(-score, return_inverse=True)[1]

    def of(counts: np.ndarray) -> float:
        yes, drawn = np.bincount(tie, counts * positive), np.bincount(tie, counts)
        precision = np.cumsum(yes) / np.maximum(np.cumsum(drawn), 1)
        return float(yes @ precision / yes.sum()) if yes.any() else np.nan

    return of


def calibration_error(positive: np.ndarray, score: np.ndarray) -> Counted:
    """Prepare the expected calibration error over equally wide bins."""
    place = np.minimum((score * BINS).astype(int), BINS - 1)

    def of(counts: np.ndarray) -> float:
        gaps = np.bincount(place, counts * (positive - score), minlength=BINS)
        return float(np.abs(gaps).sum() / counts.sum())

    return of
