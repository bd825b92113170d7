"""Boosted trees, compared with ridge regression."""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Return the untrained baseline."""
    return make_pipeline(SimpleImputer(), StandardScaler(), Ridge(random_state=seed))


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Return the untrained candidate."""
    return HistGradientBoostingRegressor(
        **settings, warm_start=True, early_stopping=False, random_state=seed
    )


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate in place until it has `rounds` rounds."""
    model.set_params(max_iter=rounds).fit(X, y)
