"""Metrics of scores for each kind of task: scikit-learn's, without its time to be imported."""

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

    Raises:
        UserError: there are no rows, or a score is not a probability, for regression not finite.
    """
    check_scores(task, scores)
    if task == "binary":
        return binary(y, scores[:, 1], threshold)
    return multiclass(y, scores) if task == "multiclass" else regression(y, scores[:, 0])


def check_scores(task: Task, scores: np.ndarray) -> None:
    """Refuse scores that are not probabilities, for regression not finite, and no scores."""
    valid = np.isfinite(scores) if task == "regression" else (scores >= 0) & (scores <= 1)
    if not scores.size or not valid.all():
        allowed = "finite numbers" if task == "regression" else "probabilities from 0 to 1"
        found = f"{scores[~valid][0]} in {(~valid).sum()} of" if scores.size else "none in"
        raise UserError(f"metrics need scores that are {allowed}, found {found} {len(scores)} rows")


def binary(y: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, float]:
    """Compute the metrics of the positive class's probabilities."""
    label = score >= threshold
    positive = y == 1
    ranking = {}
    if len(np.unique(y)) == 2:
        ranking["roc_auc"] = roc_auc(positive, score)
        ranking["average_precision"] = average_precision(positive, score)
    hits = positive & label
    return ranking | {
        "log_loss": log_loss(np.where(positive, score, 1 - score)),
        "brier": float(np.mean((positive - score.astype(float)) ** 2)),
        "calibration_error": calibration_error(y, score),
        "accuracy": float(np.mean(positive == label)),
        "precision": float(hits.sum() / max(label.sum(), 1)),
        "recall": float(hits.sum() / max(positive.sum(), 1)),
        "f1": float(2 * hits.sum() / max(label.sum() + positive.sum(), 1)),
    }


def multiclass(y: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Compute the metrics of multiclass probabilities."""
    label, classes = scores.argmax(axis=1), range(scores.shape[1])
    every_class = len(np.unique(y)) == len(classes)
    areas = [roc_auc(y == one, scores[:, one]) for one in classes if every_class]
    ranking = {"roc_auc": float(np.mean(areas))} if every_class else {}
    _, rows = np.unique(np.append(y, label), return_counts=True)
    hits = [(y == label)[y == one].sum() for one in np.union1d(y, label)]
    return ranking | {
        "log_loss": log_loss(scores[np.arange(len(y)), y]),
        "accuracy": float(np.mean(y == label)),
        "f1_macro": float(np.mean(2 * np.array(hits) / rows)),
    }


def regression(y: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Compute the metrics of predicted numbers."""
    error = y - predicted.astype(float)
    squares, spread = (error**2).sum(), ((y - y.mean()) ** 2).sum()
    fit = {"r2": float(1 - squares / spread if spread else squares == 0)} if len(y) > 1 else {}
    return fit | {
        "rmse": float(np.sqrt(squares / len(y))),
        "mae": float(np.mean(np.abs(error))),
    }


def log_loss(probability: np.ndarray) -> float:
    """Return the log loss of the true classes' probabilities, clipped by their precision."""
    least = np.finfo(probability.dtype).eps
    return float(-np.log(np.clip(probability, least, 1 - least), dtype=float).mean())


def roc_auc(positive: np.ndarray, score: np.ndarray) -> float:
    """Return the area under the ROC curve."""
    false, true = positives(positive, score)
    return float(np.trapezoid(true / true[-1], false / false[-1]))


def average_precision(positive: np.ndarray, score: np.ndarray) -> float:
    """Return the precision at each threshold, weighted by the increase in recall."""
    false, true = (counts[1:] for counts in positives(positive, score))
    return float(np.diff(true, prepend=0) @ (true / (true + false)) / true[-1])


def positives(positive: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of false and of true positives from the highest threshold on."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)  # of equal scores
    true = np.append(0, np.cumsum(positive[order])[last])
    return np.append(0, last + 1) - true, true


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
