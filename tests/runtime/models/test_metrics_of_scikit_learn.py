"""Metrics and ROC curves equal scikit-learn's, and do not need scikit-learn to be imported."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.console import UserError
from modelyard.models import plots
from modelyard.models.metrics import measure
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes, Task
from sklearn import metrics as sk

from tests.runtime.example import environment

SEEDS = st.integers(0, 2**32 - 1)
ROWS = st.integers(2, 60)
DECIMALS = st.integers(1, 9)  # few decimals make equal scores


def calibration_error(y: np.ndarray, score: np.ndarray) -> float:
    """Return the calibration error, which scikit-learn lacks: of bin after bin."""
    bin_of_row = np.minimum((score * 10).astype(int), 9)
    gaps = [abs((y - score.astype(float))[bin_of_row == one].sum()) for one in range(10)]
    return float(sum(gaps) / len(y))


def binary(y: np.ndarray, score: np.ndarray, threshold: float) -> dict[str, float]:
    """Return scikit-learn's metrics of two classes."""
    label = score >= threshold
    ranking = {}
    if len(set(y.tolist())) == 2:
        ranking["roc_auc"] = sk.roc_auc_score(y, score)
        ranking["average_precision"] = sk.average_precision_score(y, score)
    return ranking | {
        "log_loss": sk.log_loss(y, score, labels=[0, 1]),
        "brier": sk.brier_score_loss(y, score, pos_label=1),
        "calibration_error": calibration_error(y, score),
        "accuracy": sk.accuracy_score(y, label),
        "precision": sk.precision_score(y, label, zero_division=0.0),
        "recall": sk.recall_score(y, label, zero_division=0.0),
        "f1": sk.f1_score(y, label, zero_division=0.0),
    }


@given(SEEDS, ROWS, DECIMALS, st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_two_classes(seed: int, rows: int, decimals: int, threshold: float) -> None:
    random = np.random.default_rng(seed)
    y, score = random.integers(2, size=rows), random.uniform(-0.2, 1.2, rows)
    score = score.clip(0, 1).round(decimals)  # some are exactly 0 or 1
    found = measure("binary", y, np.column_stack([1 - score, score]), threshold)
    assert found == pytest.approx(binary(y, score, threshold), rel=1e-12, abs=1e-12)


@given(SEEDS, ROWS, DECIMALS)
def test_several_classes(seed: int, rows: int, decimals: int) -> None:
    random = np.random.default_rng(seed)
    y, scores = random.integers(3, size=rows), random.dirichlet([1, 1, 1], rows)
    scores[:, :2] = scores[:, :2].round(decimals).clip(0, 0.5)
    scores[:, 2] = 1 - scores[:, 0] - scores[:, 1]
    label = scores.argmax(axis=1)
    every = len(set(y.tolist())) == 3
    expected = {"roc_auc": sk.roc_auc_score(y, scores, multi_class="ovr")} if every else {}
    expected |= {
        "log_loss": sk.log_loss(y, scores, labels=[0, 1, 2]),
        "accuracy": sk.accuracy_score(y, label),
        "f1_macro": sk.f1_score(y, label, average="macro", zero_division=0.0),
    }
    assert measure("multiclass", y, scores, 0.5) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(SEEDS, ROWS, st.sampled_from([0.0, 1.0, 1e6]), st.sampled_from([0.0, 1.0]))
def test_numbers(seed: int, rows: int, spread: float, error: float) -> None:
    random = np.random.default_rng(seed)
    y = random.normal(50, 1, rows) * spread
    predicted = y + random.normal(0, 1, rows) * error
    fit = {"r2": sk.r2_score(y, predicted)} if spread else {}  # equal numbers have none
    expected = fit | {
        "rmse": sk.root_mean_squared_error(y, predicted),
        "mae": sk.mean_absolute_error(y, predicted),
    }
    found = measure("regression", y, predicted[:, np.newaxis], 0)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_scores_of_a_served_model_which_are_float32() -> None:
    random = np.random.default_rng(1)
    y, scores = random.integers(2, size=500), random.dirichlet([1, 1], 500).astype(np.float32)
    scores[:9] = [0, 1]
    expected = binary(y, scores[:, 1], 0.5)
    assert measure("binary", y, scores, 0.5) == pytest.approx(expected, rel=1e-6)


@given(SEEDS, ROWS, DECIMALS)
def test_roc_curves(seed: int, rows: int, decimals: int) -> None:
    random = np.random.default_rng(seed)
    y = np.append([0, 1], random.integers(2, size=rows))
    score = random.uniform(size=len(y)).round(decimals)
    target = Classes("colour", "", values=("red", "blue"))
    drawn = plots.roc(y, Predictions(np.column_stack([1 - score, score]), target, 0.5)).table
    false, true, _ = sk.roc_curve(y, score)
    assert drawn.to_numpy()[:, 1] == pytest.approx(np.interp(plots.GRID, false, true), abs=1e-12)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_refused(task: Task, wrong: float) -> None:
    scores = np.array([[0.5, 0.5], [0.5, wrong]])[:, -1 if task == "regression" else 0 :]
    with pytest.raises(UserError, match=f"found {wrong} in 1 of 2 rows"):
        measure(task, np.array([0, 1]), scores, 0.5)


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_only_a_predicted_number_may_be_outside_of_0_to_1(wrong: float) -> None:
    y, scores = np.array([0, 1]), np.array([[1, 0], [1 - wrong, wrong]])
    with pytest.raises(UserError, match="from 0 to 1"):
        measure("binary", y, scores, 0.5)
    assert measure("regression", y.astype(float), scores[:, 1:], 0)["mae"] > 0


def test_no_row_has_no_metrics() -> None:
    with pytest.raises(UserError, match="found none in 0 rows"):
        measure("binary", np.array([], int), np.empty((0, 2)), 0.5)


@pytest.mark.parametrize(
    "module",
    ["models.evaluate", "models.gate", "models.gates.versions.compare", "monitoring.report"],
)
def test_what_only_measures_starts_without_scikit_learn(module: str) -> None:
    seen = f"import sys, modelyard.{module}; print({{'sklearn', 'scipy'}} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", seen], capture_output=True, text=True, check=True, env=environment()
    )
    assert done.stdout == "set()\n"
