"""A metric of weighted rows equals scikit-learn's; rows of weight 0 are as good as absent."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.models.metrics import measure
from modelyard.models.weighted_metrics import metrics
from modelyard.schema.contract import Task
from sklearn import metrics as sk

SEEDS = st.integers(0, 2**32 - 1)
ROWS = st.integers(2, 60)
DECIMALS = st.integers(1, 9)  # few decimals make equal scores
TASKS: list[Task] = ["binary", "multiclass", "regression"]
Sample = tuple[np.ndarray, np.ndarray, np.ndarray]


def sample(task: Task, seed: int, rows: int, decimals: int, most: int) -> Sample:
    """Return labels, scores, and weights that are whole numbers below `most`, not all 0."""
    random = np.random.default_rng(seed)
    weights = random.integers(most, size=rows)
    weights[random.integers(rows)] = 1
    if task == "regression":
        scores = random.normal(50, 9, (rows, 1)).round(decimals)
        return scores[:, 0] + random.normal(0, 3, rows), scores, weights
    classes = 2 if task == "binary" else 3
    scores = random.dirichlet(np.ones(classes), rows).round(decimals).clip(0, 1 / (classes - 1))
    scores[:, 0] = 1 - scores[:, 1:].sum(axis=1)
    return random.integers(classes, size=rows), scores.clip(0, 1), weights


def of(task: Task, labelled: Sample) -> dict[str, float]:
    """Return the metrics of weighted rows that are defined."""
    y, scores, weights = labelled
    found = {name: one(weights) for name, one in metrics(task, y, scores, 0.3).items()}
    return {name: value for name, value in found.items() if not np.isnan(value)}


@pytest.mark.parametrize("task", TASKS)
@given(SEEDS, ROWS, DECIMALS)
def test_a_weight_counts_as_often_as_the_row_was_drawn(
    task: Task, seed: int, rows: int, decimals: int
) -> None:
    y, scores, weights = drawn = sample(task, seed, rows, decimals, 4)
    repeated = np.repeat(np.arange(rows), weights)
    expected = measure(task, y[repeated], scores[repeated], 0.3)
    assert of(task, drawn) == pytest.approx(expected, rel=1e-9, abs=1e-9)


KNOWN: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], float]] = {
    "roc_auc": lambda y, score, w: sk.roc_auc_score(y, score, sample_weight=w),
    "average_precision": lambda y, score, w: sk.average_precision_score(y, score, sample_weight=w),
    "log_loss": lambda y, score, w: sk.log_loss(y, score, labels=[0, 1], sample_weight=w),
    "brier": lambda y, score, w: sk.brier_score_loss(y, score, sample_weight=w, pos_label=1),
    "f1": lambda y, score, w: sk.f1_score(y, score >= 0.3, sample_weight=w, zero_division=0.0),
}


@given(SEEDS, ROWS, DECIMALS)
def test_fractions_as_weights_count_as_in_scikit_learn(seed: int, rows: int, decimals: int) -> None:
    y, scores, _ = sample("binary", seed, rows, decimals, 2)
    weights = np.random.default_rng(seed).uniform(0.1, 2, rows)
    found = of("binary", (y, scores, weights))
    assert {"roc_auc", "average_precision"} <= found.keys() or len(np.unique(y)) == 1
    for name in KNOWN.keys() & found.keys():
        assert found[name] == pytest.approx(KNOWN[name](y, scores[:, 1], weights), abs=1e-9)


def test_fractions_as_weights_of_numbers_count_as_in_scikit_learn() -> None:
    y, scores, _ = sample("regression", 1, 60, 3, 2)
    weights = np.random.default_rng(1).uniform(0.1, 2, 60)
    assert of("regression", (y, scores, weights))["r2"] == pytest.approx(
        sk.r2_score(y, scores, sample_weight=weights)
    )


@pytest.mark.parametrize("task", TASKS)
@given(SEEDS, ROWS, DECIMALS)
def test_a_row_of_weight_0_changes_nothing(task: Task, seed: int, rows: int, decimals: int) -> None:
    y, scores, weights = drawn = sample(task, seed, rows, decimals, 3)
    kept = weights > 0
    absent = of(task, (y[kept], scores[kept], weights[kept]))
    assert of(task, drawn) == pytest.approx(absent, rel=1e-9, abs=1e-9)


def test_a_row_of_weight_1_changes_something() -> None:
    y, scores, weights = sample("binary", 1, 30, 2, 3)
    before = of("binary", (y, scores, weights))
    weights[weights.argmin()] += 1
    assert of("binary", (y, scores, weights)) != pytest.approx(before, abs=1e-4)


@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
@pytest.mark.parametrize("only", [0, 1])
def test_rows_of_one_class_have_no_ranking(name: str, only: int) -> None:
    y, scores, _ = sample("binary", 1, 30, 2, 2)
    assert np.isnan(metrics("binary", y, scores, 0.5)[name](1 * (y == only)))


def test_rows_without_a_class_have_no_ranking_of_all() -> None:
    y, scores, _ = sample("multiclass", 1, 30, 2, 2)
    assert np.isnan(metrics("multiclass", y, scores, 0.5)["roc_auc"](1 * (y != 2)))
