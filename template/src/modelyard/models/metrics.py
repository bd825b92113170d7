"""Metrics of scores for each kind of task, by scikit-learn, imported when one is computed."""

import numpy as np

from ..console import UserError
from ..schema.contract import Task

LOWER_IS_BETTER = ("log_loss", "brier", "calibration_error", "rmse", "mae")


def improvement(name: str, candidate: float, other: float) -> float:
    """Return by how much a value is better than another one; negative if it is worse."""
    return other - candidate if name in LOWER_IS_BETTER else candidate - other


def measure(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """Compute the metrics of scores.

    Args:
        task: the kind of target.
        y: true class indices, or numbers; shape [n].
        scores: probabilities [n, classes], or predicted numbers [n, 1].
        threshold: the score from which the positive of two classes is predicted.

    Returns:
        Metric name to value, without metrics that are undefined for the classes in `y`.
    """
    if task == "binary":
        return binary(y, scores[:, 1], threshold)
    return multiclass(y, scores) if task == "multiclass" else regression(y, scores[:, 0])


def binary(y: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, float]:
    """Compute the metrics of the positive class's probabilities."""
    from sklearn import metrics as sk

    label = score >= threshold
    ranking = {}
    if len(np.unique(y)) == 2:
        ranking["roc_auc"] = sk.roc_auc_score(y, score)
        ranking["average_precision"] = sk.average_precision_score(y, score)
    return ranking | {
        "log_loss": sk.log_loss(y, score, labels=[0, 1]),
        "brier": sk.brier_score_loss(y, score),
        "calibration_error": calibration_error(y, score),
        "accuracy": sk.accuracy_score(y, label),
        "precision": sk.precision_score(y, label, zero_division=0.0),
        "recall": sk.recall_score(y, label, zero_division=0.0),
        "f1": sk.f1_score(y, label, zero_division=0.0),
    }


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Compute the metrics of multiclass probabilities."""
    from sklearn import metrics as sk

    label, classes = scores.argmax(axis=1), np.arange(scores.shape[1])
    every_class = len(np.unique(y)) == len(classes)
    ranking = {"roc_auc": sk.roc_auc_score(y, scores, multi_class="ovr")} if every_class else {}
    return ranking | {
        "log_loss": sk.log_loss(y, scores, labels=classes),
        "accuracy": sk.accuracy_score(y, label),
        "f1_macro": sk.f1_score(y, label, average="macro", zero_division=0.0),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Compute the metrics of predicted numbers."""
    from sklearn import metrics as sk

    fit = {"r2": sk.r2_score(y, predicted)} if len(y) > 1 else {}
    rmse, mae = sk.root_mean_squared_error(y, predicted), sk.mean_absolute_error(y, predicted)
    return fit | {"rmse": rmse, "mae": mae}


def calibration_error(y: np.ndarray, score: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error with equal-width bins (Guo et al. 2017, eq. 3)."""
    bin_of_row = np.minimum((score * bins).astype(int), bins - 1)
    rows = np.bincount(bin_of_row, minlength=bins)
    gaps = np.abs(np.bincount(bin_of_row, y - score, minlength=bins))
    return float(gaps[rows > 0].sum() / len(y))


def get_metric(measured: dict[str, float], name: str, where: str) -> float:
    """Return a metric by name; refuse one that does not exist for the task."""
    if name not in measured:
        raise UserError(f"params.yaml: {where} names {name!r}, allowed are {', '.join(measured)}")
    return measured[name]
