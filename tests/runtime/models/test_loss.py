import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.dataset import Dataset
from modelyard.models.loss import (
    checked_loss,
    constant_loss,
    score,
    training_loss,
)
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import SGDRegressor

X = np.linspace(0, 1, 40, dtype=np.float32)[:, np.newaxis]
CLASSES = Dataset(X, np.array([0, 0, 0, 1] * 10))
NUMBERS = Dataset(X, np.linspace(5, 9, 40))


def test_a_constant_share_costs_the_entropy_of_the_classes() -> None:
    expected = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert constant_loss(CLASSES, "binary") == pytest.approx(expected)


def test_a_constant_number_costs_the_standard_deviation() -> None:
    assert constant_loss(NUMBERS, "regression") == pytest.approx(np.std(NUMBERS.y))


def test_the_loss_of_a_constant_model_is_that_of_a_constant() -> None:
    share = DummyClassifier(strategy="prior").fit(*CLASSES)
    mean = DummyRegressor().fit(*NUMBERS)
    assert training_loss(share, CLASSES, "binary") == pytest.approx(
        constant_loss(CLASSES, "binary")
    )
    assert training_loss(mean, NUMBERS, "regression") == pytest.approx(
        constant_loss(NUMBERS, "regression")
    )


def test_scores_are_a_probability_for_each_class_or_one_number() -> None:
    assert score(DummyClassifier().fit(*CLASSES), X, "binary").shape == (40, 2)
    assert score(DummyRegressor().fit(*NUMBERS), X, "regression").shape == (40, 1)


def test_a_loss_within_the_limit_is_returned() -> None:
    model = DummyClassifier(strategy="prior").fit(*CLASSES)
    assert checked_loss(model, CLASSES, "binary", 1.01) == pytest.approx(0.5623, abs=1e-4)


def test_a_learning_rate_of_a_million_diverges_and_says_so() -> None:
    model = HistGradientBoostingClassifier(
        learning_rate=1e6, max_iter=3, min_samples_leaf=2, max_leaf_nodes=3, early_stopping=False
    )
    wild = Dataset(X, np.random.default_rng(1).integers(0, 2, 40))
    with pytest.raises(UserError) as diverged:
        checked_loss(model.fit(*wild), wild, "binary", 1.5)
    assert str(diverged.value).startswith("training diverged: the loss is ")
    assert "(params.yaml: train.divergence)" in str(diverged.value)


def test_a_loss_that_is_not_a_number_is_a_divergence() -> None:
    model = SGDRegressor(learning_rate="constant", eta0=0.1).fit(*NUMBERS)
    model.coef_ = np.array([np.nan])
    with pytest.raises(UserError, match="training diverged: the loss is nan"):
        checked_loss(model, NUMBERS, "regression", 1.5)
