"""The estimators: a simple baseline, and the candidate that must outperform it.

Yours. Both are scikit-learn estimators on float32 features, in which a missing number is NaN;
classifiers need `predict_proba`. The baseline must not depend on the units of the features, so a
linear model needs a scaler. Do not put a scaler before trees: float64 scaling in training and
float32 in serving would put values on different sides of a split. `grow` trains the candidate in
steps, so that an interrupted training can be resumed: it must yield bit for bit the same model
whether or not the model was stored and loaded between two calls, as boosting with `warm_start`
and `partial_fit` do. If an estimator can only `fit` at once, let `grow` do so and set
`train.checkpoint_every` to `train.rounds`: a resumed training then repeats one trial.
"""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baseline(seed: int) -> Any:
    """Return the untrained baseline."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=seed),
    )


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Return the untrained candidate with hyperparameters from `params.yaml`."""
    return HistGradientBoostingClassifier(
        **settings, warm_start=True, early_stopping=False, random_state=seed
    )


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate in place until it has `rounds` boosting rounds.

    Args:
        model: the return value of `candidate`, with fewer rounds so far.
        rounds: total number of rounds.
        X: float32 features, shape [n, features].
        y: class index of each row, shape [n].
    """
    model.set_params(max_iter=rounds).fit(X, y)
