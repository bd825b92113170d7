"""Training loss, compared with the loss of a constant prediction."""

from typing import Any

import numpy as np

from ..console import UserError
from ..schema.contract import Task
from .dataset import Dataset
from .weighted_metrics import log_losses


def score(model: Any, X: np.ndarray, task: Task) -> np.ndarray:
    """Return the scores of a scikit-learn model.

    Returns:
        Probabilities [n, classes], or predicted numbers [n, 1].
    """
    return model.predict(X)[:, np.newaxis] if task == "regression" else model.predict_proba(X)


def training_loss(model: Any, rows: Dataset, task: Task) -> float:
    """Return the log loss, for regression the RMSE; NaN if a score is not finite."""
    scores = score(model, rows.X, task)
    return mean_loss(rows.y, scores, task) if np.isfinite(scores).all() else float("nan")


def mean_loss(y: np.ndarray, scores: np.ndarray, task: Task) -> float:
    """Return the log loss of scores, for regression the RMSE."""
    if task == "regression":
        return float(np.sqrt(np.mean((y - scores[:, 0].astype(float)) ** 2)))
    return float(log_losses(scores[np.arange(len(y)), y]).mean())


def constant_loss(rows: Dataset, task: Task) -> float:
    """Return the loss of the best constant prediction on the same rows."""
    if task == "regression":
        return float(np.std(rows.y))
    shares = np.unique(rows.y, return_counts=True)[1] / len(rows.y)
    return float(-(shares * np.log(shares)).sum())


def checked_loss(model: Any, rows: Dataset, task: Task, divergence: float) -> float:
    """Return the training loss; refuse one above `divergence` times a constant's loss.

    Raises:
        UserError: the training diverged.
    """
    loss, constant = training_loss(model, rows, task), constant_loss(rows, task)
    if np.isfinite(loss) and loss <= divergence * constant:
        return loss
    raise UserError(
        f"training diverged: the loss is {loss:.4g}, allowed are {divergence} times the loss of a "
        f"constant prediction, {constant:.4g} (params.yaml: train.divergence); "
        "try a smaller learning rate"
    )
