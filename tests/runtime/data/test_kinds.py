"""Every kind of column, with aliases, units and offsets: all targets read every value alike."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modelyard.data.pydantic_schema import row_model
from modelyard.data.tables import to_request_form, to_rows
from modelyard.data.validate import judge
from modelyard.schema.columns import (
    Boolean,
    Category,
    Column,
    Date,
    Integer,
    Number,
    Text,
    Timestamp,
)
from modelyard.schema.contract import Classes, Schema
from modelyard.serving import predictor
from modelyard.serving.edge.json_lines import RowCheck
from pydantic import ValidationError

from tests.runtime.orders import VALUES

EMPTY: dict[str | float, Any] = {"": None, "n/a": None}
COLUMNS: list[Column] = [
    Number("x", "", False, min=-40, max=130, aliases=EMPTY | {-999: None, "zero": 0}),
    Number("x", "", units={"km": 0.621371, "mi": 1}, aliases={"far": 99.5}),
    Integer("x", "", False, min=-5, max=1000, aliases=EMPTY | {-1: None}),
    Integer("x", "", units={"dozen": 12}),
    Boolean("x", "", False, aliases=EMPTY | {"yes": True, "no": False, 1: True, 0: False}),
    Boolean("x", ""),
    Category("x", "", False, ("New York", "Rome"), aliases=EMPTY | {"NYC": "New York"}),
    Category("x", "", values=("a",), others=True, aliases={"b": "a", "n/a": None}),
    Text("x", "", False, max_length=8, aliases=EMPTY),
    Timestamp("x", "", False, utc=True, aliases=EMPTY | {"9999-12-31T00:00:00": None}),
    Timestamp("x", "", aliases={"epoch": "1970-01-01T00:00:00"}),
    Date("x", "", False, aliases={"9999-12-31": None, "never": None}),
    Date("x", ""),
]
PLAIN = [*(Integer("x", ""), Boolean("x", "", False), Date("x", "", False))]
TEXTS = st.sampled_from(
    [
        *(
            "",
            "n/a",
            "zero",
            "far",
            "yes",
            "no",
            "true",
            "NYC",
            "New York",
            "Rome",
            "a",
            "b",
            "epoch",
        ),
        *("10 km", "10km", "-3.5e1 mi", "1e999 km", ".5 mi", "5. mi", "1 dozen", "0.1 dozen", "km"),
        *("10 km ", "10  km", "+7 km", "1_0 km", "10 km\n", "12", "2024-02-29", "2023-02-29"),
        *("9999-12-31", "never", "9999-12-31T00:00:00", "2024-05-01T09:30:00Z", "2024-05-01"),
        *("2024-05-01T09:30+02:00", "2024-05-01 09:30:15.123456789-05:30", "2024-05-01T09:30.5Z"),
        *("9999-12-31T23:59:59-00:01", "1000-01-01T00:00:00+00:01", "2024-05-01T09:30-00:30"),
        *(
            "2024-05-01T09:30:00z",
            "2024-05-01T09:30:00+24:00",
            "2024-02-30T09:30:00Z",
            "0999-01-01",
        ),
    ]
)
NUMBERS = st.sampled_from(
    [-999, -999.0, -1, 0, 1, 1.0, 3, 3.0, 3.5, 2**53 - 1, 2**53, 1e300, 1000.5]
)
ANY = st.one_of(TEXTS, NUMBERS, VALUES)


def schema(column: Column) -> Schema:
    """Return a schema with a key and one column."""
    return Schema((Text("key", ""), column), Classes("y", "", ("a", "b")), key="key")


def in_rest(found: Schema, row: dict[str, Any]) -> np.ndarray | None:
    """Return what the REST service makes of a value; None if it refuses the value."""
    try:
        read = row_model(found).model_validate_json(json.dumps(row))
    except ValidationError as refused:
        columns = {error["loc"][0] for error in refused.errors()}
        return None if columns == {"x"} else np.array([*columns])
    return predictor.to_rows([vars(read)], found)["x"]


def on_device(found: Schema, row: dict[str, Any]) -> np.ndarray | None:
    """Return what a device makes of a value."""
    read = found.normalise(row)
    violations = RowCheck(found).violations(read, 0)
    assert {v.column for v in violations} <= {"x"}
    return None if violations else predictor.to_rows([read], found)["x"]


def in_table(found: Schema, table: pl.DataFrame, *, csv: bool = False) -> np.ndarray | None:
    """Return what training and batch make of a value."""
    verdict = judge(table, found, parse_texts=csv, labelled=False)
    assert {v.column for v in verdict.faults} <= {"x"}
    if verdict.faults:
        return None
    rows = to_rows(verdict.good, found)["x"]
    again = judge(verdict.good, found, labelled=False)
    assert equal(to_rows(again.good, found)["x"], rows)
    sent = to_request_form(verdict.good, found).to_dicts()[0]
    assert equal(in_rest(found, sent), rows)
    return rows


def equal(one: np.ndarray | None, two: np.ndarray | None) -> bool:
    """Compare arrays with what they are, and missing values."""
    if one is None or two is None:
        return one is two
    return one.dtype.kind == two.dtype.kind and bool(
        np.array_equal(one, two, equal_nan=one.dtype.kind not in "UT")
    )


@pytest.mark.parametrize("column", [*COLUMNS, *PLAIN], ids=lambda one: one.kind)
@settings(max_examples=40)
@given(value=ANY)
def test_all_targets_read_a_value_alike(column: Column, value: Any) -> None:
    found, row = schema(column), {"key": "k", "x": value}
    table = pl.DataFrame({"key": ["k"], "x": [value]}, strict=False)
    rest = in_rest(found, row)
    assert equal(rest, on_device(found, row)), (rest, on_device(found, row))
    assert equal(rest, in_table(found, table)), (rest, in_table(found, table))


KNOWN: Sequence[tuple[Column, Any, Any]] = [
    (COLUMNS[0], -999, np.nan),
    (COLUMNS[0], "n/a", np.nan),
    (COLUMNS[0], "zero", 0.0),
    (COLUMNS[1], "10 km", 10 * 0.621371),
    (COLUMNS[1], "far", 99.5),
    (COLUMNS[2], 3.0, 3.0),
    (COLUMNS[3], "2 dozen", 24.0),
    (COLUMNS[4], "yes", 1.0),
    (COLUMNS[4], 0, 0.0),
    (COLUMNS[6], "NYC", "New York"),
    (COLUMNS[6], "", ""),
    (COLUMNS[9], "2024-05-01T09:30:00.9+02:00", np.datetime64("2024-05-01T07:30:00", "s")),
    (COLUMNS[9], "2024-05-01T09:30", np.datetime64("2024-05-01T09:30:00", "s")),
    (COLUMNS[10], "epoch", np.datetime64("1970-01-01T00:00:00", "s")),
    (COLUMNS[11], "never", np.datetime64("NaT", "D")),
    (COLUMNS[12], "2024-02-29", np.datetime64("2024-02-29", "D")),
]


@pytest.mark.parametrize(("column", "value", "expected"), KNOWN)
def test_what_a_value_stands_for(column: Column, value: Any, expected: Any) -> None:
    found = schema(column)
    table = pl.DataFrame({"key": ["k"], "x": [value]}, strict=False)
    assert equal(in_table(found, table), np.array([expected]))
    assert equal(in_rest(found, {"key": "k", "x": value}), np.array([expected]))
