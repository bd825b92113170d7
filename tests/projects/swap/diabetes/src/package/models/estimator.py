"""The estimators: ridge regression, and boosted trees that must keep up with it."""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Return the untrained baseline."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        Ridge(random_state=seed),
    )


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Return the untrained candidate with hyperparameters from `params.yaml`."""
    return HistGradientBoostingRegressor(
        **settings, warm_start=True, early_stopping=False, random_state=seed
    )


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate in place until it has `rounds` boosting rounds.

    Args:
        model: the return value of `candidate`, with fewer rounds so far.
        rounds: total number of rounds.
        X: float32 features, shape [n, features].
        y: target value of each row, shape [n].
    """
    model.set_params(max_iter=rounds).fit(X, y)
