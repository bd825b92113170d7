"""The models that are trained: a simple baseline and the candidate that must beat it.

Yours. Both are scikit-learn estimators on the float32 features, in which a missing number is NaN;
classifiers need `predict_proba`. The baseline must say the same in any unit of the features, so
what is linear needs a scaler; trees must not follow one: what float64 scaling moves across a
threshold, float32 serving would not. The candidate grows in steps so that a killed training goes
on where it was: `grow` must give, bit for bit, the same model whether or not the model was stored
and loaded between two calls. Boosting with `warm_start` does, and so does `partial_fit`. For an
estimator that can only `fit` at once, let `grow` do so and set `train.checkpoint_every` to
`train.rounds`: a killed training then repeats one trial of the search, not all.
"""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Make the untrained model that the candidate must beat."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=seed),
    )


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Make the untrained candidate with settings from `params.yaml`."""
    return HistGradientBoostingClassifier(
        **settings, warm_start=True, early_stopping=False, random_state=seed
    )


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate on until it has `rounds` boosting rounds, changing it in place.

    Args:
        model: what `candidate` made, with fewer rounds so far.
        rounds: how many rounds it shall have.
        X: float32 features, shape [n, features].
        y: each row's class as its place among the classes, shape [n].
    """
    model.set_params(max_iter=rounds).fit(X, y)
