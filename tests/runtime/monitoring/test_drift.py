"""How far a column has moved, in worked examples."""

import numpy as np
import pytest
from modelyard.features.statistics import (
    category,
    number,
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


def test_the_index_is_that_of_a_worked_example() -> None:
    expected, found = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.3, 0.3])
    assert psi(expected, found) == pytest.approx(0.1 * np.log(1.25) + 0.1 * np.log(1.5))


def test_an_empty_bin_gives_a_finite_index() -> None:
    assert 2 < psi(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])) < 5


def test_the_same_values_have_not_shifted_at_all() -> None:
    assert shift(THEN, number(THEN, 10), 100).psi == pytest.approx(0, abs=1e-12)
    then = category(PAYMENTS, ("card", "cash"))
    assert shift(PAYMENTS, then, 10).psi == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "now",
    [THEN * 100, THEN + 1, np.full(100, NAN), np.where(np.arange(100) % 3, THEN, NAN)],
    ids=["another unit", "one higher", "all missing", "a third missing"],
)
def test_a_number_that_changed_has_shifted(now: np.ndarray) -> None:
    assert shift(now, number(THEN, 10), 100).psi > LIMITS.max_psi


def test_a_value_on_the_edge_of_a_bin_is_counted_where_training_counted_it() -> None:
    ties = np.array([0.0] * 90 + [1.0] * 10)
    assert shift(ties, number(ties, 10), 100).psi == pytest.approx(0, abs=1e-12)


def test_a_number_that_was_always_missing_shifts_when_it_comes() -> None:
    then = number(np.full(10, NAN), 10)
    assert shift(np.full(10, NAN), then, 10).psi == 0
    assert shift(np.full(10, 1.0), then, 10).psi > 1


@pytest.mark.parametrize("now", ["cash", "cheque", ""])
def test_a_category_that_changed_has_shifted(now: str) -> None:
    shares = category(PAYMENTS, ("card", "cash"))
    assert shift(np.where(PAYMENTS == "card", now, PAYMENTS), shares, 10).psi > LIMITS.max_psi


def test_the_index_at_the_limit_is_fine_and_beyond_it_bad() -> None:
    fine, bad = ({"a": Shift(a, 0.01), "b": Shift(b, 0.01)} for a, b in ((0.2, 0.1), (0.3, 0.5)))
    assert find_drift(fine, 10, LIMITS) == (
        "drift",
        "fine",
        "a moved most, by 0.20 of 0.2 allowed",
    )
    assert find_drift(bad, 10, LIMITS) == (
        "drift",
        "bad",
        "b 0.50, a 0.30 (max_psi is 0.2)",
    )


def test_what_chance_can_do_with_so_few_rows_is_no_drift() -> None:
    assert find_drift({"a": Shift(0.4, 0.5)}, 10, LIMITS).status == "fine"
    assert find_drift({"a": Shift(0.6, 0.5)}, 10, LIMITS).status == "bad"


def test_chance_exceeds_its_limit_once_in_a_thousand_times() -> None:
    draw, shares = np.random.default_rng(2), np.full(10, 0.1)
    then, now = (draw.multinomial(rows, shares, 20_000) / rows for rows in (1000, 500))
    indices = np.sum((now - then) * np.log(now / then), axis=1)
    assert 0.0005 < np.mean(indices > chance(10, 1000, 500)) < 0.002
