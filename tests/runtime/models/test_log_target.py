"""A target whose logarithm is learnt: answers, metrics and the exported file are in its unit."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.validate import judge
from modelyard.models.dataset import Dataset, as_trained, to_dataset
from modelyard.models.export import check_parity, to_bytes
from modelyard.models.loss import constant_loss, score, training_loss
from modelyard.models.scorer import Scorer
from modelyard.schema.contract import Quantity
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.runtime.orders import PROFITS, orders

PRICE = Quantity("profit", "what it earned", unit="€", log=True)
PRICES = replace(PROFITS, target=PRICE)
RANDOM = np.random.default_rng(4)
X = RANDOM.normal(size=(600, 2)).astype(np.float32)
Y = np.exp(3 + 2 * X[:, 0] + RANDOM.normal(0, 0.3, 600))
ROWS = as_trained(X, Y, PRICES)
MODELS: list[Any] = [
    make_pipeline(StandardScaler(), LinearRegression()),
    HistGradientBoostingRegressor(max_iter=20),
    RandomForestRegressor(5, max_depth=5),
]


def exported(model: Any, *, log: bool = True) -> Scorer:
    content = to_bytes(model, ["a", "b"], "regression", log=log)
    return Scorer(content, ["a", "b"], PRICE, 0.5, lambda rows: rows)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_the_exported_file_answers_in_the_unit_as_the_library_does(model: Any) -> None:
    model.fit(ROWS.X, ROWS.y)
    answers = exported(model).predict_features(X).scores
    assert check_parity(exported(model), model, ROWS, "regression", 1e-5) <= 1e-5
    assert (answers > 0).all()
    assert np.median(np.abs(np.log(answers[:, 0]) - np.log(Y))) < 0.5


def test_a_file_without_the_exponential_is_refused() -> None:
    model = MODELS[1].fit(ROWS.X, ROWS.y)
    with pytest.raises(UserError, match="ONNX and scikit-learn differ by"):
        check_parity(exported(model, log=False), model, ROWS, "regression", 1e-5)


def test_a_wild_prediction_is_a_finite_number() -> None:
    model, far = LinearRegression().fit(ROWS.X, ROWS.y), np.array([[1e6, 0], [-1e6, 0]], np.float32)
    answers = exported(model).predict_features(far).scores
    assert np.isfinite(answers).all()
    assert answers == pytest.approx(ROWS.in_unit(score(model, far, "regression")), rel=1e-5)


def test_losses_are_in_the_unit() -> None:
    assert constant_loss(ROWS, "regression") == pytest.approx(np.std(Y))
    model = DummyRegressor().fit(ROWS.X, ROWS.y)
    expected = np.sqrt(np.mean((Y - np.exp(np.log(Y).mean())) ** 2))
    assert training_loss(model, ROWS, "regression") == pytest.approx(expected)


def test_models_are_trained_on_the_logarithm_only_if_it_is_declared() -> None:
    table = pl.DataFrame({"a": X[:, 0], "target": Y})
    assert np.exp(to_dataset(table, PRICES, "rows").y) == pytest.approx(Y)
    plain = to_dataset(table, PROFITS, "rows")
    assert plain.y == pytest.approx(Y)
    assert plain.in_unit(plain.y) is plain.y
    assert isinstance(plain, Dataset)


@pytest.mark.parametrize(("profit", "refused"), [(0.0, 1), (-5.0, 1), (1e-9, 0), (2.5e6, 0)])
def test_a_number_without_a_logarithm_is_refused_by_the_schema(profit: float, refused: int) -> None:
    table = orders(3).drop("fate", strict=False).with_columns(profit=pl.Series([1.0, 2.0, profit]))
    assert judge(table, PRICES).rejected.height == refused
    assert judge(table, PROFITS).rejected.height == 0


def test_only_a_logarithm_changes_the_hash_of_the_schema() -> None:
    assert PRICES.hash != PROFITS.hash
    assert "log" not in PROFITS.describe()["target"]
