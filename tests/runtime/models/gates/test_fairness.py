"""Fairness measures computed by hand, and groups with too few rows."""

from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.gates.check import Check
from modelyard.models.gates.fairness import fairness_checks
from modelyard.models.scorer import Predictions
from modelyard.params_sections import Fairness
from modelyard.schema.contract import Classes, Quantity

FATE = Classes("fate", "", values=("kept", "returned"))
GROUPS = {"region": np.array(["north"] * 4 + ["south"] * 4)}
Y = np.array([0, 0, 1, 1, 0, 0, 1, 1])
SAID = np.array([0, 0, 0, 1, 1, 1, 1, 1])
DIFFERENCE, RATIO, ODDS = (
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equalized_odds_difference",
)


def answers(predicted: np.ndarray) -> Predictions:
    return Predictions(np.eye(2, dtype=np.float32)[predicted], FATE, 0.5)


def asked(limits: dict[str, float], least: int = 2) -> list[Check]:
    return fairness_checks(Y, GROUPS, answers(SAID), Fairness(limits=limits, min_group_rows=least))


@pytest.mark.parametrize(("name", "value"), [(DIFFERENCE, 0.75), (RATIO, 0.25), (ODDS, 1.0)])
def test_each_measure_matches_its_definition(name: str, value: float) -> None:
    (check,) = asked({name: 1.0})
    assert check.value == pytest.approx(value)


LIMITS = [
    (DIFFERENCE, 0.75, True),
    (DIFFERENCE, 0.4, False),
    (RATIO, 0.25, True),
    (RATIO, 0.4, False),
]


@pytest.mark.parametrize(("name", "limit", "accepted"), LIMITS)
def test_a_difference_has_a_maximum_and_a_ratio_a_minimum(
    name: str, limit: float, accepted: bool
) -> None:
    assert [check.passed for check in asked({name: limit})] == [accepted]


def test_the_biased_slice_and_the_measure_are_named() -> None:
    assert str(asked({DIFFERENCE: 0.4})[0]) == (
        f"FAILED region: fairness: {DIFFERENCE}: 0.7500, limit 0.4000"
    )


@pytest.mark.parametrize(("name", "least"), [(DIFFERENCE, 5), (RATIO, 5), (ODDS, 3)])
def test_a_group_with_too_few_rows_refuses_the_candidate(name: str, least: int) -> None:
    (check,) = asked({name: 1.0}, least)
    assert (check.outcome, check.passed, check.refuses) == ("insufficient data", False, True)
    assert check.note == f"fewer than {least} rows for north, south"


def test_without_a_protected_slice_there_are_no_checks() -> None:
    limits = Fairness(limits={DIFFERENCE: 0.1}, min_group_rows=1)
    assert fairness_checks(Y, {}, answers(SAID), limits) == []


NUMBERS: list[tuple[list[float], float]] = [([1, 1, 3, 3], 3.0), ([2, 2, 2, 2], 1.0)]


@pytest.mark.parametrize(("errors", "value"), NUMBERS)
def test_for_regression_the_errors_of_the_groups_are_compared(
    errors: list[float], value: float
) -> None:
    predicted = Predictions(np.array(errors)[:, np.newaxis], Quantity("profit", ""), 0.5)
    groups = {"region": np.array(["north", "north", "south", "south"])}
    limits = Fairness(limits={"error_ratio": 2.0}, min_group_rows=1)
    (check,) = fairness_checks(np.zeros(4), groups, predicted, limits)
    assert (check.value, check.passed) == (value, value <= 2)


def test_for_several_classes_the_worst_value_counts() -> None:
    target = Classes("size", "", values=("S", "M", "L"))
    predicted = Predictions(np.eye(3, dtype=np.float32)[[0, 0, 1, 2, 0, 0, 2, 2]], target, 0.5)
    limits = Fairness(limits={DIFFERENCE: 1.0, RATIO: 0.0}, min_group_rows=1)
    checks = fairness_checks(np.array([0, 1, 2, 0, 0, 1, 2, 0]), GROUPS, predicted, limits)
    assert [check.value for check in checks] == [0.25, 0.0]


UNKNOWN: list[tuple[Any, str]] = [(FATE, DIFFERENCE), (Quantity("profit", ""), "error_ratio")]


@pytest.mark.parametrize(("target", "known"), UNKNOWN)
def test_an_unknown_measure_is_named_with_the_known_ones(target: Any, known: str) -> None:
    predicted = Predictions(np.zeros((8, 2), np.float32), target, 0.5)
    with pytest.raises(UserError, match=rf"gate\.fairness\.limits names 'x', allowed are {known}"):
        fairness_checks(Y, GROUPS, predicted, Fairness(limits={"x": 1.0}, min_group_rows=1))


def test_groups_may_be_texts_of_any_length() -> None:
    long = np.array(["north" * 9999] * 4 + ["south"] * 4, np.dtypes.StringDType())
    limits = Fairness(limits={DIFFERENCE: 1.0, ODDS: 1.0}, min_group_rows=2)
    found = fairness_checks(Y, {"region": long}, answers(SAID), limits)
    assert found == asked(limits.limits)
