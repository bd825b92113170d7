"""How good scores are: scikit-learn's metrics for each kind of task."""

import numpy as np
from sklearn import metrics as sk

from ..console import UserError
from ..schema.contract import Task

ERRORS = ("log_loss", "brier", "calibration_error", "rmse", "mae")  # smaller is better


def better_by(name: str, candidate: float, other: float) -> float:
    """Say by how much a value beats another one; negative if it is worse."""
    return other - candidate if name in ERRORS else candidate - other


def measure(task: Task, y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """Measure scores against the truth.

    Args:
        task: decides which metrics there are.
        y: classes as their places among the classes, or numbers; shape [n].
        scores: probabilities [n, classes], or predicted numbers [n, 1].
        threshold: the score from which two classes' positive one is predicted.

    Returns:
        Metric name to value; those that need more than one class in `y` are left out without.
    """
    if task == "binary":
        return binary(y, scores[:, 1], threshold)
    return multiclass(y, scores) if task == "multiclass" else regression(y, scores[:, 0])


def binary(y: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, float]:
    """Measure probabilities of the positive class."""
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
    """Measure probabilities of several classes."""
    label, classes = scores.argmax(axis=1), np.arange(scores.shape[1])
    every_class = len(np.unique(y)) == len(classes)
    ranking = {"roc_auc": sk.roc_auc_score(y, scores, multi_class="ovr")} if every_class else {}
    return ranking | {
        "log_loss": sk.log_loss(y, scores, labels=classes),
        "accuracy": sk.accuracy_score(y, label),
        "f1_macro": sk.f1_score(y, label, average="macro", zero_division=0.0),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Measure predicted numbers, in the target's unit."""
    fit = {"r2": sk.r2_score(y, predicted)} if len(y) > 1 else {}
    return fit | {
        "rmse": sk.root_mean_squared_error(y, predicted),
        "mae": sk.mean_absolute_error(y, predicted),
    }


def calibration_error(y: np.ndarray, score: np.ndarray, bins: int = 10) -> float:
    """Give the expected calibration error over equally wide bins (Guo et al. 2017, eq. 3)."""
    place = np.minimum((score * bins).astype(int), bins - 1)
    rows = np.bincount(place, minlength=bins)
    gaps = np.abs(np.bincount(place, y - score, minlength=bins))
    return float(gaps[rows > 0].sum() / len(y))


def need(measured: dict[str, float], name: str, where: str) -> float:
    """Look a metric up; refuse one that the task lacks, and list those that there are."""
    if name not in measured:
        raise UserError(f"params.yaml: {where} names {name!r}, allowed are {', '.join(measured)}")
    return measured[name]
