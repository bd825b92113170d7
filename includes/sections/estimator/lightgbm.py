"""The estimators: a simple baseline, and the candidate that must outperform it.

Yours. Both have scikit-learn's interface on float32 features, in which a missing number is NaN;
classifiers need `predict_proba`. The baseline must not depend on the units of the features, so a
linear model needs a scaler. Do not put a scaler before trees: float64 scaling in training and
float32 in serving would put values on different sides of a split. `grow` trains the candidate in
steps, so that an interrupted training can be resumed: it must yield bit for bit the same model
whether or not the model was stored and loaded between two calls. Without `grow`, each candidate is
trained by one `fit`.
"""

from copy import copy
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier
from modelyard.models import boosting
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TRUSTED_TYPES = boosting.TRUSTED_TYPES  # what a stored model may contain besides scikit-learn's
to_onnx = boosting.to_onnx  # the export
NAMES = {  # of scikit-learn: LightGBM's
    "max_leaf_nodes": "num_leaves",
    "min_samples_leaf": "min_child_samples",
    "l2_regularization": "reg_lambda",
}


def baseline(seed: int) -> Any:
    """Return the untrained baseline."""
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=seed),
    )


def candidate(settings: dict[str, Any], seed: int) -> Any:
    """Return the untrained candidate with hyperparameters from `params.yaml`.

    Both scikit-learn's names and LightGBM's are allowed. One thread: the model does not depend on
    the machine. With millions of rows raise `n_jobs`.
    """
    named = {NAMES.get(name, name): value for name, value in settings.items()}
    fixed = {"deterministic": True, "force_row_wise": True, "n_jobs": 1, "verbose": -1}
    return LGBMClassifier(**(fixed | named), random_state=seed)


def grow(model: Any, rounds: int, X: np.ndarray, y: np.ndarray) -> None:
    """Train the candidate in place until it has `rounds` boosting rounds.

    Args:
        model: the return value of `candidate`, with fewer rounds so far.
        rounds: total number of rounds.
        X: float32 features, shape [n, features].
        y: class index of each row, shape [n].
    """
    trained = model.booster_ if model.__sklearn_is_fitted__() else None
    done = trained.current_iteration() if trained else 0
    model.set_params(n_estimators=rounds - done).fit(X, y, init_model=trained)
    model._Booster = copy(model.booster_)  # without the one it continued, which cannot be stored
