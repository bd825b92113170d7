"""The models that are trained: logistic regression, and the boosted trees that must beat it."""

from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Make the untrained model that the candidate must beat."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=seed))


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Make the untrained candidate with settings from `params.yaml`."""
    return GradientBoostingClassifier(**settings, warm_start=True, random_state=seed)


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate on until it has `rounds` boosting rounds, changing it in place.

    Args:
        model: what `candidate` made, with fewer rounds so far.
        rounds: how many rounds it shall have.
        X: float32 features, shape [n, features].
        y: each row's class as its place among the classes, shape [n].
    """
    model.set_params(n_estimators=rounds).fit(X, y)
