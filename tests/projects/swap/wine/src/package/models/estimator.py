"""The estimators: logistic regression, and boosted trees that must outperform it."""

from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Return the untrained baseline."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=seed))


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Return the untrained candidate with hyperparameters from `params.yaml`."""
    return GradientBoostingClassifier(**settings, warm_start=True, random_state=seed)


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate in place until it has `rounds` boosting rounds.

    Args:
        model: the return value of `candidate`, with fewer rounds so far.
        rounds: total number of rounds.
        X: float32 features, shape [n, features].
        y: class index of each row, shape [n].
    """
    model.set_params(n_estimators=rounds).fit(X, y)
