from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.data.read import read_table
from modelyard.data.tables import cast_columns, to_rows, write_table
from modelyard.data.validate import judge
from modelyard.schema.columns import Text
from modelyard.schema.contract import Schema

from tests.runtime.orders import FATE, ORDERS, orders

FITTING: list[tuple[str, list[Any], Any]] = [
    ("price", [7], 7.0),
    ("price", ["7.5"], 7.5),
    ("placed", ["2024-05-01T09:30:00"], datetime(2024, 5, 1, 9, 30)),
    ("placed", ["2024-05-01 09:30"], datetime(2024, 5, 1, 9, 30)),
    ("placed", [datetime(2024, 5, 1).date()], datetime(2024, 5, 1)),
    ("country", [None], None),
]
UNFITTING: list[tuple[str, list[Any]]] = [
    ("price", ["far"]),
    ("price", [True]),
    ("payment", [1]),
    ("placed", ["soon"]),
    ("placed", [1714555800]),
]
PRICES = st.floats(0, 1000).map(lambda price: float(np.float32(price)))


@pytest.mark.parametrize(("name", "found", "typed"), FITTING)
def test_a_value_that_fits_gets_the_type_of_its_column(
    name: str, found: list[Any], typed: Any
) -> None:
    verdict = judge(orders(1, **{name: found}), ORDERS, parse_texts=True)
    assert (verdict.good[name].to_list(), verdict.faults) == ([typed], [])


@pytest.mark.parametrize(("name", "found"), UNFITTING)
def test_a_value_that_does_not_fit_is_missing_and_a_violation(name: str, found: list[Any]) -> None:
    table = orders(1, **{name: found})
    assert cast_columns(table, ORDERS, parse_texts=True)[name].to_list() == [None]
    violations = judge(table, ORDERS, parse_texts=True).faults
    assert [(v.column, v.found) for v in violations] == [(name, found[0])]


def test_only_what_does_not_fit_is_a_violation_among_missing_and_good_values() -> None:
    weights = [None, "7", "far", None]
    table = orders(4, weight=weights, price=weights)
    typed = cast_columns(table, ORDERS, parse_texts=True)
    assert typed["weight"].to_list() == [None, 7.0, None, None]
    violations = judge(table, ORDERS, parse_texts=True).faults
    assert [(v.row, v.found) for v in violations if v.column == "weight"] == [(2, "far")]
    required = [(v.row, v.found) for v in violations if v.column == "price"]
    assert required == [(0, None), (2, "far"), (3, None)]


def test_columns_that_the_schema_does_not_know_stay_as_they_are() -> None:
    table = cast_columns(orders(1, colour=["red"]), ORDERS, parse_texts=False)
    assert table["colour"].to_list() == ["red"]


def test_missing_values_become_nan_an_empty_text_and_no_time() -> None:
    table = orders(2, weight=[1.5, None], country=["FR", None])
    rows = to_rows(cast_columns(table, ORDERS, parse_texts=False), ORDERS)
    np.testing.assert_array_equal(rows["weight"], [1.5, np.nan])
    assert rows["country"].tolist() == ["FR", ""]
    assert rows["placed"].dtype == np.dtype("datetime64[s]")


@pytest.mark.parametrize("texts", [["", "é"], ["FR", "", "a long one", "日本 🛫"], [""], []])
def test_texts_of_any_length_and_alphabet_become_strings(texts: list[str]) -> None:
    table = orders(len(texts), country=texts)
    found = to_rows(cast_columns(table, ORDERS, parse_texts=False), ORDERS)["country"]
    np.testing.assert_array_equal(found, np.array(texts, np.str_), strict=True)


@pytest.mark.parametrize(
    "odd", ["IT\0", "\0IT", "x" * 256, "x" * 257, "x" * 1000, "日\u2028\x85\x1c\r", "I\u0308T"]
)
def test_an_odd_text_is_the_same_from_a_table_and_from_a_request(odd: str) -> None:
    texts = ["IT", odd, None]
    found = to_rows(orders(3, country=texts), ORDERS)["country"]
    np.testing.assert_array_equal(found, ORDERS.column("country").to_array(texts), strict=True)
    assert (found == "IT").tolist() == [True, False, False]


@pytest.mark.parametrize("length", [300, 100_000])
def test_a_long_text_of_a_table_is_cut_or_takes_its_own_memory(length: int) -> None:
    schema = Schema((Text("order", "", max_length=100_000), *ORDERS.columns[1:]), FATE, "order")
    texts = ["x" * length, *["A"] * 999]
    rows = to_rows(orders(1000, order=texts, country=texts), schema)
    assert rows["order"].tolist() == texts
    assert sum(values.nbytes for values in rows.values()) < 1000 * 1300


def test_rows_have_the_schemas_columns_in_its_order_and_no_target() -> None:
    table = orders(2, colour=["red", "blue"]).select(pl.all().reverse())
    rows = to_rows(cast_columns(table, ORDERS, parse_texts=False), ORDERS)
    assert list(rows) == ORDERS.names


def test_a_row_is_the_same_from_a_table_and_from_a_request() -> None:
    table = cast_columns(orders(3), ORDERS, parse_texts=False)
    texts = table.with_columns(pl.col("placed").dt.strftime("%Y-%m-%dT%H:%M:%S"))
    from_table = to_rows(table, ORDERS)
    for column in ORDERS.columns:
        from_request = column.to_array(texts[column.name].to_list())
        np.testing.assert_array_equal(from_request, from_table[column.name], strict=False)
        assert from_request.dtype.kind == from_table[column.name].dtype.kind


@given(st.lists(PRICES, min_size=1, max_size=20))
def test_a_csv_says_the_same_as_a_parquet_file(prices: list[float]) -> None:
    table = orders(len(prices), price=prices)
    texts = pl.read_csv(table.write_csv().encode(), infer_schema=False)
    assert cast_columns(texts, ORDERS, parse_texts=True)["price"].to_list() == prices


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_table(tmp_path / "new" / "orders.parquet", orders(5))
    assert read_table(tmp_path / "new" / "orders.parquet").equals(orders(5))


def test_the_same_table_gives_the_same_file(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", orders(50))
    write_table(tmp_path / "b.parquet", orders(50))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
