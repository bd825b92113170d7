"""A constant baseline is exported, and gives its scores for any row."""

from typing import Any

import numpy as np
import pytest
from modelyard.models import store
from modelyard.models.dataset import Dataset
from modelyard.models.export import check_parity, to_bytes
from modelyard.models.scorer import Scorer
from modelyard.schema.contract import Classes, Quantity
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X = np.array([[1, 2], [np.nan, 3], [0, -1e30], [5, 6]], np.float32)
TARGETS: dict[Any, Any] = {
    "binary": Classes("c", "", values=("no", "yes")),
    "multiclass": Classes("c", "", values=("S", "M", "L")),
    "regression": Quantity("q", ""),
}
MODELS: list[tuple[Any, Any, list[float]]] = [
    (DummyClassifier(), "binary", [0, 1, 1, 1]),
    (DummyClassifier(strategy="most_frequent"), "multiclass", [0, 1, 2, 2]),
    (DummyClassifier(strategy="uniform", random_state=0), "multiclass", [0, 1, 2, 2]),
    (make_pipeline(StandardScaler(), DummyClassifier()), "binary", [0, 1, 1, 1]),
    (DummyRegressor(), "regression", [1.5, 2, 7, 8]),
    (DummyRegressor(strategy="quantile", quantile=0.9), "regression", [1.5, 2, 7, 8]),
]


@pytest.mark.parametrize(("model", "task", "y"), MODELS)
def test_a_constant_is_stored_and_exported(model: Any, task: Any, y: list[float]) -> None:
    rows = Dataset(X, np.array(y))
    loaded = store.from_bytes(store.to_bytes(model.fit(*rows)), "a")
    content = to_bytes(loaded, ["a", "b"], task)
    scorer = Scorer(content, ["a", "b"], TARGETS[task], 0.5, lambda rows: rows)
    assert check_parity(scorer, model, rows, task, 1e-6) < 1e-6
    assert len(scorer.predict_features(X[:1]).scores) == 1
    assert len(np.unique(scorer.predict_features(X).scores, axis=0)) == 1
