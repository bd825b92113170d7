"""Metrics of the project's own: computed beside the others, named when they fail."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.evaluate import report
from modelyard.models.gates.floors import metric_checks
from modelyard.models.gates.versions.serving_model import Evaluation, compare
from modelyard.models.metrics import improvement, measure_own, measure_rows
from modelyard.models.scorer import Predictions
from modelyard.models.train import check_own
from modelyard.monitoring.findings import measure_labelled
from modelyard.params import read_params
from modelyard.params_sections import Serving
from modelyard.schema.metric import LOWER_IS_BETTER, Metric

from tests.runtime.orders import FATE, ORDERS, PROFITS

Array = np.ndarray[Any, Any]
ROWS = {"price": np.array([10.0, 20, 30, 40] * 50), "payment": np.array(["card", "cash"] * 100)}
Y = np.array([0, 1, 0, 1] * 50)


def impact(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    """Return what is earned by the orders whose fate was foreseen."""
    right = target == prediction
    return float(rows["price"][right].mean()) if right.any() else float("nan")


def regret(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    """Return the mean price of the orders whose fate was not foreseen."""
    return float((rows["price"] * (target != prediction)).mean())


def seen(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    """Return how many arrays have what is promised."""
    classes = {*target.tolist(), *prediction.tolist()} <= {*FATE.values}
    return float(classes + (rows["scores"].shape == (len(target), 2)) + len(rows))


SHOP = replace(
    ORDERS,
    metrics=(Metric(impact, "higher", "EUR"), Metric(regret, "lower"), Metric(seen, "higher")),
)


def predictions(right: Array) -> Predictions:
    positive = np.where(right, Y, 1 - Y).astype(np.float32)
    return Predictions(np.column_stack([1 - positive, positive]), FATE, 0.5)


HALF = predictions(ROWS["payment"] == "card")


def failing(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return float(rows["colour"].mean())


def endless(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
    return float("inf")


def a_text(target: Array, prediction: Array, rows: dict[str, Array]) -> Any:
    return "much"


def test_they_are_reported_beside_the_others_overall_and_by_slice() -> None:
    found = measure_rows(SHOP, ROWS, Y, HALF)
    assert (found["impact"], found["regret"], found["seen"]) == (20, 15, 5)
    assert found["accuracy"] == 0.5
    reported = report(ROWS | {"country": ROWS["payment"]}, Y, HALF.scores, SHOP, read_params())
    assert reported["overall"]["impact"] == 20


def test_a_mask_or_indices_choose_the_rows() -> None:
    card = ROWS["payment"] == "card"
    assert measure_own(SHOP, ROWS, Y, HALF, card)["regret"] == 0
    assert measure_own(SHOP, ROWS, Y, HALF, np.flatnonzero(~card))["regret"] == 30


def test_where_one_is_not_finite_it_is_absent_and_others_are_not() -> None:
    cash = ROWS["payment"] == "cash"
    assert measure_own(SHOP, ROWS, Y, HALF, cash).keys() == {"regret", "seen"}


def test_without_own_metrics_there_are_only_those_of_the_task() -> None:
    assert measure_own(ORDERS, {}, Y, HALF) == {}


def test_the_declared_direction_counts() -> None:
    assert improvement("impact", 3, 2) == 1
    assert improvement("regret", 3, 2) == -1


@pytest.mark.parametrize(("floor", "passed"), [("impact", 19.9), ("regret", 15.1)])
def test_a_floor_may_name_them(floor: str, passed: float) -> None:
    gate = read_params().gate
    measured = {"overall": measure_rows(SHOP, ROWS, Y, HALF), "slices": {}}
    worse = passed + (1 if floor == "impact" else -1)
    for limit, expected in ((passed, True), (worse, False)):
        limits = {"floors": {floor: limit}, "over_baseline": {}, "slice_floors": {}}
        (check,) = metric_checks(measured, measured, gate.model_copy(update=limits))
        assert check.passed is expected


def test_a_serving_model_is_compared_by_them() -> None:
    strict = Serving(resamples=100, confidence=0.95, tolerance=0.1, slice_tolerance=0.1)
    for right, passed in ((np.arange(200) % 8 > 0, False), (np.ones(200, bool), True)):
        labelled = Evaluation(Y, {}, predictions(right), ROWS, SHOP)
        (check,) = compare(labelled, predictions(np.ones(200, bool)), "regret", strict, 50)
        assert check.passed is passed


def test_the_monitor_measures_them_on_labelled_rows() -> None:
    labels = np.where(ROWS["payment"] == "card", Y, np.nan)
    assert measure_labelled(SHOP, ROWS, labels, HALF)["regret"] == 0


def test_numbers_are_passed_as_they_are() -> None:
    schema = replace(PROFITS, metrics=(Metric(regret, "lower"),))
    found = Predictions(np.full((200, 1), 2.5, np.float32), PROFITS.target, 0.5)
    assert measure_own(schema, ROWS, np.full(200, 2.5), found) == {"regret": 0}


@pytest.mark.parametrize(
    ("of", "why"), [(failing, "KeyError: 'colour'"), (a_text, "ValueError: could not convert")]
)
def test_one_that_fails_is_named_with_its_file(of: Any, why: str) -> None:
    schema = replace(ORDERS, metrics=(Metric(of, "lower"),))
    text = rf"runtime/models/test_own_metrics.py: {of.__name__} fails for 200 rows: {why}"
    with pytest.raises(UserError, match=text):
        measure_rows(schema, ROWS, Y, HALF)


def test_one_that_is_not_finite_is_refused_before_the_search() -> None:
    schema = replace(ORDERS, metrics=(Metric(impact, "higher"), Metric(endless, "higher")))
    measured = measure_rows(schema, ROWS, Y, HALF)
    with pytest.raises(UserError, match=r"test_own_metrics.py: endless returns no finite number"):
        check_own(schema, measured)
    check_own(SHOP, measure_rows(SHOP, ROWS, Y, HALF))


def test_one_with_the_name_of_another_is_refused() -> None:
    def accuracy(target: Array, prediction: Array, rows: dict[str, Array]) -> float:
        return 0.0

    schema = replace(ORDERS, metrics=(Metric(accuracy, "higher"),))
    with pytest.raises(UserError, match="metric accuracy, allowed is a name that no other one has"):
        measure_rows(schema, ROWS, Y, HALF)


def test_a_direction_that_is_none_is_refused() -> None:
    wrong: Any = "up"
    with pytest.raises(ValueError, match="metric impact: better is 'up', allowed are higher and"):
        Metric(impact, wrong)
    assert "impact" not in LOWER_IS_BETTER


def test_the_schema_takes_a_tuple_of_metrics() -> None:
    wrong: Any = (impact,)
    with pytest.raises(ValueError, match=r"metrics holds .*, allowed is a tuple of Metric"):
        replace(ORDERS, metrics=wrong)
    assert SHOP.hash == ORDERS.hash
