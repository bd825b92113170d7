import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.features.statistics import (
    describe,
    describe_category,
    describe_number,
)

from tests.runtime.orders import ORDERS

NUMBERS = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)), min_size=1, max_size=50)


def test_a_number_is_described_by_mean_spread_and_equally_filled_bins() -> None:
    described = describe_number(np.array([1.0, 2.0, 3.0, 4.0, np.nan]), bins=2)
    assert described == {
        "missing": pytest.approx(0.2),
        "mean": 2.5,
        "std": pytest.approx(1.118, abs=1e-3),
        "edges": [2.5],
        "shares": [0.5, 0.5],
    }


def test_a_number_that_is_always_the_same_has_one_filled_bin() -> None:
    described = describe_number(np.full(5, 7.0), bins=10)
    assert described["edges"] == pytest.approx([7.0, 7.0], rel=2e-6)
    assert (described["shares"], described["std"]) == ([0.0, 1.0, 0.0], 0.0)


@pytest.mark.parametrize("tied", [-3.0, 0.0, 2.5, 1e100])
def test_a_value_that_fills_a_bin_has_one_of_its_own(tied: float) -> None:
    values = np.concatenate([np.full(100, tied), np.linspace(-5, 5, 900)])
    described = describe_number(values, bins=10)
    own = np.searchsorted(described["edges"], tied)
    assert described["shares"][own] == pytest.approx((values == tied).mean())


def test_a_value_of_fewer_rows_has_no_bin_of_its_own() -> None:
    values = np.concatenate([np.full(90, 2.55), np.linspace(-5, 5, 910)])
    assert len(describe_number(values, bins=10)["edges"]) == 9
    assert len(describe_number(np.array([1.0, 1.0, 2.0, 2.0]), bins=2)["edges"]) == 1


def test_a_number_that_is_always_missing_has_no_mean() -> None:
    assert describe_number(np.full(3, np.nan), bins=10) == {
        "missing": 1.0,
        "mean": None,
        "std": None,
        "edges": [],
        "shares": [],
    }


def test_a_category_is_described_by_the_shares_of_its_values() -> None:
    described = describe_category(np.array(["a", "a", "b", "zz", ""]), ("a", "b", "c"))
    assert described["shares"] == {"a": 0.5, "b": 0.25, "c": 0.0}
    assert described["others"] == pytest.approx(0.25)
    assert described["missing"] == pytest.approx(0.2)


def test_a_category_that_is_always_missing_has_no_shares() -> None:
    described = describe_category(np.array(["", ""]), ("a",))
    assert described == {"missing": 1.0, "shares": {"a": 0.0}, "others": 0.0}


@given(NUMBERS, st.integers(2, 50))
def test_the_shares_of_a_number_sum_to_one_and_each_bin_has_one(
    values: list[float], bins: int
) -> None:
    described = describe_number(np.array(values), bins)
    present = [value for value in values if np.isfinite(value)]
    assert sum(described["shares"]) == pytest.approx(1.0 if present else 0.0)
    assert len(described["shares"]) == (len(described["edges"]) + 1 if present else 0)
    assert described["edges"] == sorted(set(described["edges"]))


@given(st.lists(st.sampled_from(["a", "b", "zz", ""]), min_size=1, max_size=30))
def test_the_shares_of_a_category_and_of_others_sum_to_one(values: list[str]) -> None:
    described = describe_category(np.array(values), ("a", "b"))
    total = sum(described["shares"].values()) + described["others"]
    assert total == pytest.approx(1.0 if any(values) else 0.0)


def test_numbers_and_categories_are_described_and_nothing_else() -> None:
    rows = {column.name: column.to_array([None, None]) for column in ORDERS.columns}
    assert list(describe(rows, ORDERS, 5)) == ["payment", "country", "price", "weight"]
