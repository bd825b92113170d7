"""Whether a training goes well: its loss against that of a constant prediction."""

from typing import Any

import numpy as np
from sklearn.metrics import log_loss, root_mean_squared_error

from ..console import UserError
from ..schema.contract import Task
from .dataset import Dataset


def score(model: Any, X: np.ndarray, task: Task) -> np.ndarray:
    """Score features with the training library's model.

    Returns:
        Probabilities [n, classes], or predicted numbers [n, 1].
    """
    return model.predict(X)[:, np.newaxis] if task == "regression" else model.predict_proba(X)


def training_loss(model: Any, rows: Dataset, task: Task) -> float:
    """Give log loss, or root mean squared error for numbers; NaN if a score is no number."""
    shown = score(model, rows.X, task)
    if not np.isfinite(shown).all():
        return float("nan")
    if task == "regression":
        return float(root_mean_squared_error(rows.y, shown[:, 0]))
    return float(log_loss(rows.y, shown))


def constant_loss(rows: Dataset, task: Task) -> float:
    """Give the loss of the best constant prediction on the same rows."""
    if task == "regression":
        return float(np.std(rows.y))
    shares = np.unique(rows.y, return_counts=True)[1] / len(rows.y)
    return float(-(shares * np.log(shares)).sum())


def checked_loss(model: Any, rows: Dataset, task: Task, divergence: float) -> float:
    """Give the training loss.

    Args:
        model: trained so far.
        rows: what it learns from.
        task: the kind of target.
        divergence: how many times the loss of a constant is too much.

    Raises:
        UserError: the training diverged.
    """
    loss, constant = training_loss(model, rows, task), constant_loss(rows, task)
    if np.isfinite(loss) and loss <= divergence * constant:
        return loss
    raise UserError(
        f"training diverged: the loss is {loss:.4g}, a constant prediction has {constant:.4g}, "
        f"allowed is {divergence} times that (params.yaml: train.divergence); "
        "try a smaller learning rate"
    )
