"""The correlation of business metrics with the loss, on intentionally degraded models."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from modelyard.models.gates.versions.degraded import (
    SHARES,
    impact_checks,
    measure_degraded,
    spearman,
)
from modelyard.models.gates.versions.serving_model import Evaluation
from modelyard.models.scorer import Predictions
from modelyard.schema.metric import Metric
from scipy import stats

from tests.runtime.orders import ORDERS, PROFITS

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.normal(50, 10, 600)
SCORES = (TRUTH + RANDOM.normal(0, 3, 600)).astype(np.float32)
Array = np.ndarray[Any, Any]


def earned(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return float(target[prediction > 50].mean())


def lost(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return -earned(target, prediction, rows)


def fixed(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return float(target.sum())


def undefined(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return float("nan")


EUROS = (
    Metric(earned, "higher", "EUR"),
    Metric(lost, "lower", "EUR"),
    Metric(fixed, "higher", "h"),
)


def found(*metrics: Metric) -> dict[str, Any]:
    schema = replace(PROFITS, metrics=metrics)
    predictions = Predictions(SCORES[:, np.newaxis], schema.target, 0.5)
    return measure_degraded(Evaluation(TRUTH, {}, predictions, {}, schema))


def test_what_is_earned_falls_while_the_loss_rises() -> None:
    measured = found(*EUROS)
    assert len(SHARES) >= 8
    assert np.all(np.diff(measured["earned"]["losses"]) > 0)
    assert measured["earned"]["loss_correlation"] < -0.95
    assert measured["lost"]["loss_correlation"] == -measured["earned"]["loss_correlation"]
    assert measured["earned"]["values"][0] == pytest.approx(TRUTH[SCORES > 50].mean(), abs=1e-6)
    assert json.loads(json.dumps(measured, allow_nan=False)) == measured


def test_what_no_model_changes_has_no_correlation() -> None:
    measured = found(EUROS[2], Metric(undefined, "lower", "EUR"))
    assert [one["loss_correlation"] for one in measured.values()] == [None, None]
    assert [check.outcome for check in impact_checks(measured)] == ["not comparable"] * 2


def test_only_metrics_with_a_unit_are_measured() -> None:
    assert found(Metric(earned, "higher")) == {}


def test_classes_are_degraded_too() -> None:
    y = RANDOM.integers(2, size=400)
    positive = np.clip(y + RANDOM.normal(0, 0.4, 400), 0.01, 0.99).astype(np.float32)

    def kept(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
        return float((target == prediction).sum())

    schema = replace(ORDERS, metrics=(Metric(kept, "higher", "orders"),))
    predictions = Predictions(np.column_stack([1 - positive, positive]), schema.target, 0.5)
    measured = measure_degraded(Evaluation(y, {}, predictions, {}, schema))
    assert measured["kept"]["loss_correlation"] < -0.9


def test_the_line_of_the_report_has_the_unit_and_refuses_nothing() -> None:
    (check,) = impact_checks(found(EUROS[0]))
    assert str(check).startswith(
        "ok     impact: earned (EUR), correlation with the loss of degraded"
    )
    assert not check.refuses


@pytest.mark.parametrize("seed", range(5))
def test_the_correlation_is_that_of_scipy(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.integers(6, size=(2, 12)).astype(float).tolist()
    assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
