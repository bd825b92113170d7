from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.console import UserError
from modelyard.data.prepare import Splits, clean, split

from tests.runtime.orders import ORDERS, UNTIMED, orders

FIRST = datetime(2024, 5, 1, 9, 30)
DAYS = st.lists(st.integers(1, 5), min_size=20, max_size=30)


def of_days(counts: list[int]) -> pl.DataFrame:
    placed = [
        FIRST + timedelta(days=day, hours=order)
        for day, count in enumerate(counts)
        for order in range(count)
    ]
    return orders(len(placed), placed=placed)


def keys(parts: Splits) -> list[list[str]]:
    return [part["order"].to_list() for part in parts.values()]


def test_rows_without_a_label_are_dropped() -> None:
    cleaned = clean(orders(3, fate=["kept", None, "returned"]), ORDERS)
    assert cleaned["order"].to_list() == ["A0", "A2"]


def test_of_rows_with_the_same_key_the_first_is_kept() -> None:
    rows = orders(4, order=["A", "B", "A", "A"], price=[1.0, 2.0, 3.0, 4.0])
    assert clean(rows, ORDERS).select("order", "price").rows() == [("A", 1.0), ("B", 2.0)]


def test_of_rows_with_the_same_key_the_first_with_a_label_is_kept() -> None:
    rows = orders(2, order=["A", "A"], fate=[None, "kept"])
    assert clean(rows, ORDERS)["fate"].to_list() == ["kept"]


def test_the_newest_rows_are_the_test_set_and_those_before_them_the_validation_set() -> None:
    shuffled = orders(8).sample(fraction=1, shuffle=True, seed=3)
    parts = split(shuffled, ORDERS, validation=0.25, test=0.25)
    assert keys(parts) == [["A0", "A1", "A2", "A3"], ["A4", "A5"], ["A6", "A7"]]


@given(DAYS)
def test_each_row_is_in_one_part(counts: list[int]) -> None:
    rows = of_days(counts)
    train, validation, test = keys(split(rows, ORDERS, validation=0.25, test=0.25))
    assert sorted(train + validation + test) == sorted(rows["order"])


@given(DAYS)
def test_each_part_is_older_than_the_next_by_a_day_at_least(counts: list[int]) -> None:
    parts = split(of_days(counts), ORDERS, validation=0.25, test=0.25)
    days = [part["placed"].dt.date() for part in parts.values()]
    assert days[0].max() < days[1].min() <= days[1].max() < days[2].min()


@given(DAYS, st.integers(0, 99))
def test_the_order_of_the_rows_does_not_matter(counts: list[int], seed: int) -> None:
    rows = of_days(counts)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=seed)
    parts = [split(table, ORDERS, validation=0.2, test=0.2) for table in (rows, shuffled)]
    assert keys(parts[0]) == keys(parts[1])


def test_without_a_time_the_parts_have_their_shares_and_no_common_row() -> None:
    parts = keys(split(orders(400), UNTIMED, validation=0.25, test=0.25))
    assert [len(part) for part in parts] == [200, 100, 100]
    assert len({key for part in parts for key in part}) == 400


def test_without_a_time_a_row_stays_in_its_part_when_others_come_and_the_order_changes() -> None:
    before = keys(split(orders(400), UNTIMED, validation=0.25, test=0.25))[2]
    more = orders(420).sample(fraction=1, shuffle=True, seed=3)
    after = keys(split(more, UNTIMED, validation=0.25, test=0.25))[2]
    assert len(set(before) & set(after)) >= 95


def test_without_a_time_the_parts_do_not_follow_the_order_of_the_rows() -> None:
    test = keys(split(orders(400), UNTIMED, validation=0.25, test=0.25))[2]
    assert 20 < len([key for key in test if int(key[1:]) < 200]) < 80


def test_a_split_that_leaves_a_part_empty_is_refused() -> None:
    with pytest.raises(UserError, match=r"params\.yaml: split leaves no train rows out of 3"):
        split(of_days([3]), ORDERS, validation=0.25, test=0.25)


def test_rows_without_any_label_are_refused() -> None:
    with pytest.raises(UserError, match="no row has a label: column fate is empty"):
        split(clean(orders(2, fate=[None, None]), ORDERS), ORDERS, validation=0.2, test=0.2)
