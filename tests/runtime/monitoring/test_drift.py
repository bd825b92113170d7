"""Population stability index and its limits, in worked examples."""

import numpy as np
import pytest
from modelyard.features.statistics import (
    describe_category,
    describe_number,
)
from modelyard.monitoring.drift import (
    Shift,
    chance,
    find_drift,
    psi,
    shift,
)

from tests.runtime.monitored import LIMITS

NAN = float("nan")
THEN = np.array([1.0, 2.0, 3.0, 4.0, NAN] * 20)
PAYMENTS = np.array(["card"] * 6 + ["cash"] * 3 + [""])


def test_psi_of_a_worked_example() -> None:
    expected, found = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.3, 0.3])
    assert psi(expected, found) == pytest.approx(0.1 * np.log(1.25) + 0.1 * np.log(1.5))


def test_an_empty_bin_gives_a_finite_psi() -> None:
    assert 2 < psi(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])) < 5


def test_the_psi_of_equal_values_is_zero() -> None:
    assert shift(THEN, describe_number(THEN, 10), 100).psi == pytest.approx(0, abs=1e-12)
    then = describe_category(PAYMENTS, ("card", "cash"))
    assert shift(PAYMENTS, then, 10).psi == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "now",
    [THEN * 100, THEN + 1, np.full(100, NAN), np.where(np.arange(100) % 3, THEN, NAN)],
    ids=["another unit", "one higher", "all missing", "a third missing"],
)
def test_a_changed_number_shifts(now: np.ndarray) -> None:
    assert shift(now, describe_number(THEN, 10), 100).psi > LIMITS.max_psi


def test_a_value_on_a_bin_edge_is_binned_as_in_training() -> None:
    ties = np.array([0.0] * 90 + [1.0] * 10)
    assert shift(ties, describe_number(ties, 10), 100).psi == pytest.approx(0, abs=1e-12)


def test_a_number_that_was_always_missing_shifts_when_it_appears() -> None:
    then = describe_number(np.full(10, NAN), 10)
    assert shift(np.full(10, NAN), then, 10).psi == 0
    assert shift(np.full(10, 1.0), then, 10).psi > 1


@pytest.mark.parametrize("now", ["cash", "cheque", ""])
def test_a_changed_category_shifts(now: str) -> None:
    shares = describe_category(PAYMENTS, ("card", "cash"))
    assert shift(np.where(PAYMENTS == "card", now, PAYMENTS), shares, 10).psi > LIMITS.max_psi


def test_a_psi_at_the_limit_is_fine_and_above_it_bad() -> None:
    fine, bad = ({"a": Shift(a, 0.01), "b": Shift(b, 0.01)} for a, b in ((0.2, 0.1), (0.3, 0.5)))
    assert find_drift(fine, 10, LIMITS) == (
        "drift",
        "fine",
        "greatest PSI: a 0.20 (limit 0.2)",
    )
    assert find_drift(bad, 10, LIMITS) == (
        "drift",
        "bad",
        "b 0.50, a 0.30 (max_psi is 0.2)",
    )


def test_a_psi_that_chance_explains_is_not_drift() -> None:
    assert find_drift({"a": Shift(0.4, 0.5)}, 10, LIMITS).status == "fine"
    assert find_drift({"a": Shift(0.6, 0.5)}, 10, LIMITS).status == "bad"


def test_chance_exceeds_its_limit_about_once_in_a_thousand_samples() -> None:
    draw, shares = np.random.default_rng(2), np.full(10, 0.1)
    then, now = (draw.multinomial(rows, shares, 20_000) / rows for rows in (1000, 500))
    indices = np.sum((now - then) * np.log(now / then), axis=1)
    assert 0.0005 < np.mean(indices > chance(10, 1000, 500)) < 0.002
