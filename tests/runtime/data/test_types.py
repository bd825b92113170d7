"""Columns of the types that other programs write get the types of the schema, or are named."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.tables import cast_columns, to_request_form, to_rows
from modelyard.data.validate import judge

from tests.runtime.orders import ORDERS, orders

FIRST = datetime(2024, 5, 1, 9, 30)
LATER = FIRST + timedelta(milliseconds=1999)
NUMBERS = [pl.Int8, pl.UInt8, pl.Int64, pl.UInt64, pl.Float32, pl.Decimal(10, 2)]
TEXTS = [pl.Categorical, pl.Enum(["card", "cash"])]
WRONG: list[tuple[str, pl.Series]] = [
    ("price", pl.Series([True])),
    ("price", pl.Series(["7"], dtype=pl.Categorical)),
    ("price", pl.Series([FIRST])),
    ("price", pl.Series([b"7"])),
    ("price", pl.Series([[7]])),
    ("placed", pl.Series(["2024-05-01T09:30:00"], dtype=pl.Categorical)),
    ("placed", pl.Series([FIRST.time()])),
    ("placed", pl.Series([timedelta(1)])),
    ("placed", pl.Series([1714555800])),
    ("placed", pl.Series(["2024-05-01T09:30:00Z"])),
    ("placed", pl.Series(["2024-05-01T09:30:00.5"])),
    ("payment", pl.Series([b"card"])),
    ("payment", pl.Series([FIRST])),
]


def with_column(name: str, values: pl.Series) -> pl.DataFrame:
    return orders(len(values)).with_columns(values.alias(name))


@pytest.mark.parametrize("unit", ["ns", "us", "ms"])
def test_times_of_every_unit_are_the_same_times(unit: Any) -> None:
    table = orders(3).with_columns(pl.col("placed").cast(pl.Datetime(unit)))
    verdict = judge(table, ORDERS)
    assert verdict.faults == []
    assert verdict.good.equals(judge(orders(3), ORDERS).good)


@pytest.mark.parametrize("unit", ["ns", "us", "ms"])
def test_parts_of_a_second_are_dropped_in_every_unit(unit: Any) -> None:
    times = pl.Series([LATER, datetime(1969, 12, 31, 23, 59, 59, 500_000)], dtype=pl.Datetime(unit))
    table = cast_columns(with_column("placed", times), ORDERS, parse_texts=False)
    expected = ["2024-05-01T09:30:01", "1969-12-31T23:59:59"]
    assert to_rows(table, ORDERS)["placed"].astype(str).tolist() == expected
    assert to_request_form(table, ORDERS)["placed"].to_list() == expected


def test_a_missing_time_of_another_unit_is_missing() -> None:
    times = pl.Series([None, FIRST], dtype=pl.Datetime("ns"))
    verdict = judge(with_column("placed", times), ORDERS)
    assert [(v.row, v.column, v.found) for v in verdict.faults] == [(0, "placed", None)]


@pytest.mark.parametrize("unit", ["ns", "us", "ms"])
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_time_zone_is_refused_with_how_to_convert_it(unit: Any, zone: str) -> None:
    zoned = orders(2).with_columns(
        pl.col("placed").cast(pl.Datetime(unit)).dt.replace_time_zone(zone)
    )
    with pytest.raises(UserError, match=f"column placed has the time zone {zone}, allowed are loc"):
        judge(zoned, ORDERS)
    local = pl.col("placed").dt.convert_time_zone("Europe/Rome").dt.replace_time_zone(None)
    assert judge(zoned.with_columns(local), ORDERS).faults == []


def test_a_time_zone_of_a_column_that_is_not_in_the_schema_is_no_matter() -> None:
    zoned = orders(2).with_columns(seen=pl.col("placed").dt.replace_time_zone("UTC"))
    assert judge(zoned, ORDERS).faults == []


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_every_type_are_numbers(kind: Any) -> None:
    prices = pl.Series([7, None, 100]).cast(kind)
    verdict = judge(with_column("weight", prices), ORDERS)
    assert (verdict.good["weight"].to_list(), verdict.faults) == ([7.0, None, 100.0], [])


def test_a_decimal_is_the_nearest_number() -> None:
    prices = pl.Series([Decimal("20.55")])
    table = cast_columns(with_column("price", prices), ORDERS, parse_texts=False)
    assert table["price"].to_list() == [20.55]


@pytest.mark.parametrize("kind", TEXTS)
def test_coded_texts_are_texts(kind: Any) -> None:
    payments = pl.Series(["cash", None, "card"], dtype=kind)
    table = with_column("payment", payments)
    typed = cast_columns(table, ORDERS, parse_texts=False)
    assert typed["payment"].to_list() == ["cash", None, "card"]
    assert [(v.row, v.found) for v in judge(table, ORDERS).faults] == [(1, None)]


@pytest.mark.parametrize(("name", "values"), WRONG)
@pytest.mark.parametrize("parse_texts", [False, True])
def test_a_column_of_a_wrong_type_is_a_violation_in_each_row(
    name: str, values: pl.Series, parse_texts: bool
) -> None:
    table = with_column(name, values)
    assert cast_columns(table, ORDERS, parse_texts=parse_texts)[name].to_list() == [None]
    assert [v.column for v in judge(table, ORDERS, parse_texts=parse_texts).faults] == [name]


def test_a_table_of_pandas_is_read_as_it_is(tmp_path: Path) -> None:
    pandas, plain = pytest.importorskip("pandas"), orders(4).drop("profit", "fate")
    frame = pandas.DataFrame(plain.to_dict(as_series=False))
    frame["payment"] = frame["payment"].astype("category")
    frame["placed"] = frame["placed"].astype("datetime64[ns]")
    frame["weight"] = np.array([1.5, np.nan] * 2)
    frame.index = [9, 8, 7, 6]
    frame.to_parquet(tmp_path / "rows.parquet")
    for found in (pl.from_pandas(frame), pl.read_parquet(tmp_path / "rows.parquet")):
        verdict = judge(found, ORDERS, labelled=False)
        assert verdict.faults == []
        assert verdict.good.select(plain.columns).equals(judge(plain, ORDERS, labelled=False).good)
