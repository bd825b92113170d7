"""Drift of columns in which one value is frequent: constant, zero-inflated, few whole numbers."""

from collections.abc import Callable

import numpy as np
import pytest
from modelyard.features.statistics import describe_number
from modelyard.monitoring.drift import Shift, shift

from tests.runtime.monitored import LIMITS

ROWS, BINS, NAN = 2000, 10, float("nan")
SEEDED = np.random.default_rng(8)
VISIBILITY = np.where(SEEDED.random(ROWS) < 0.89, 10.0, SEEDED.random(ROWS) * 10)
RAIN = np.where(SEEDED.random(ROWS) < 0.9, 0.0, SEEDED.exponential(size=ROWS))
STOPS = SEEDED.integers(0, 3, ROWS).astype(float)
SAME = np.full(ROWS, 7.0)
MOVED = {
    "a frequent value becomes another": (VISIBILITY, np.where(VISIBILITY == 10, 6.2, VISIBILITY)),
    "it becomes a little less": (VISIBILITY, VISIBILITY * 0.9999),
    "zeros become small numbers": (RAIN, np.where(RAIN == 0, 1e-9, RAIN)),
    "zeros become missing": (RAIN, np.where(RAIN == 0, NAN, RAIN)),
    "whole numbers become fractions": (STOPS, STOPS + 0.5),
    "a constant becomes less": (SAME, SAME - 1),
    "a constant becomes more": (SAME, SAME + 1),
    "a constant starts to vary": (SAME, SAME + SEEDED.normal(size=ROWS) / 1000),
    "a constant becomes missing": (SAME, SAME * NAN),
    "a missing column appears": (SAME * NAN, SAME),
}


def measured(now: np.ndarray, then: np.ndarray, bins: int = BINS) -> Shift:
    return shift(now, describe_number(then, bins), len(then))


@pytest.mark.parametrize("name", MOVED)
def test_a_move_of_a_frequent_value_is_drift(name: str) -> None:
    then, now = MOVED[name]
    found = measured(now, then)
    assert found.psi > max(1.0, found.limit(LIMITS.max_psi))


def test_a_change_of_shares_is_measured_value_by_value() -> None:
    half = np.where(np.arange(ROWS) % 2 == 0, 0.0, STOPS)
    assert measured(half, STOPS).psi > LIMITS.max_psi


@pytest.mark.parametrize("then", [VISIBILITY, RAIN, STOPS, SAME, SAME * NAN])
def test_the_same_rows_have_not_moved(then: np.ndarray) -> None:
    assert measured(then, then).psi == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("then", [VISIBILITY / 3, RAIN + 0.1, STOPS / 7, SAME / 10])
def test_a_value_that_passed_through_float32_has_not_moved(then: np.ndarray) -> None:
    found = measured(then.astype(np.float32).astype(np.float64), then)
    assert found.psi < 0.01


def test_a_reference_of_runtime_1_1_is_still_read() -> None:
    old = {"missing": 0.0, "mean": 0.1, "std": 0.3, "edges": [0.0], "shares": [0.9, 0.1]}
    rows = np.array([0.0] * 900 + [1.0] * 100)
    assert shift(rows, old, 1000).psi == pytest.approx(0, abs=1e-12)
    assert shift(rows + 1, old, 1000).psi > LIMITS.max_psi


SAMPLES: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "zero-inflated": lambda draw, n: np.where(draw.random(n) < 0.9, 0.0, draw.normal(size=n)),
    "whole numbers": lambda draw, n: draw.poisson(2, n).astype(float),
    "rounded": lambda draw, n: np.round(draw.normal(size=n), 1),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_samples_of_one_distribution_exceed_chance_about_once_in_a_thousand(kind: str) -> None:
    draw, sample = np.random.default_rng(5), SAMPLES[kind]
    found = [measured(sample(draw, 500), sample(draw, 1000)) for _ in range(1000)]
    assert sum(one.psi > one.chance for one in found) <= 4
