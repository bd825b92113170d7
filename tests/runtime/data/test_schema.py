"""Rules of each column type in rows and tables, and the examples of the project."""

import math
from typing import Any

import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.data.pydantic_schema import row_model
from modelyard.data.validate import judge
from modelyard.schema.columns import (
    Category,
    Column,
    Number,
    Text,
    Timestamp,
)
from modelyard.schema.contract import Classes, Schema
from pydantic import BaseModel, ValidationError

from examples import BAD_VALUES, ROWS, TARGETS

WORDS: list[tuple[Column, list[Any], list[Any]]] = [
    (Number("x", ""), [0, -1.5, 1e300], [None, "1", True, math.nan, math.inf]),
    (Number("x", "", required=False), [None, 1.0], ["", math.nan, -math.inf]),
    (Number("x", "", min=0, max=100), [0, -0.0, 100.0], [-0.1, 100.1]),
    (Number("x", "", min=10), [10, 1e9], [9.99]),
    (Category("x", "", values=("a", "b")), ["a", "b"], ["c", "A", "a ", "", None, 1]),
    (Category("x", "", False, values=("a",)), ["a", None], ["c", ""]),
    (Category("x", "", values=("a",)), ["a"], ["a\0", "\0", "a" * 2000]),
    (Category("x", "", values=("a",), others=True), ["a", "c"], ["", None, 1, True]),
    (Category("x", "", values=("a",), others=True), ["a\0", "é" * 1000], ["é" * 1001]),
    (Category("x", "", values=("é" * 2000,), others=True), ["é" * 2000], ["é" * 2001]),
    (Text("x", "", max_length=3), ["a", "äöü"], ["abcd", "", None, 1]),
    (Text("x", "", False), ["a", None], [""]),
    (
        Timestamp("x", ""),
        ["2024-02-29T23:59:59", "2024-05-01 09:30", "1900-01-01T00:00"],
        [
            *("2023-02-29T08:00:00", "2024-05-01T24:00", "2024-05-01T09:30:60", "2024-05-01"),
            *("2024-5-1T09:30", "0000-01-01T00:00", "2024-05-01T09:30Z", "2024-05-01T09:30:00.5"),
            *("+2024-05-01T09:30", " 2024-05-01T09:30", "yesterday", "", None, 20240501),
        ],
    ),
]
GOOD = [(column, value) for column, good, _ in WORDS for value in good]
BAD = [(column, value) for column, _, bad in WORDS for value in bad]


@pytest.fixture(scope="module")
def row() -> type[BaseModel]:
    return row_model(SCHEMA)


def alone(column: Column) -> Schema:
    return Schema((Text("key", ""), column), Classes("y", "", ("a", "b")), key="key")


def table(column: Column, value: Any) -> pl.DataFrame:
    return pl.DataFrame({"key": ["k"], column.name: [value]}, strict=False)


@pytest.mark.parametrize(("column", "value"), GOOD)
def test_a_row_may_hold(column: Column, value: Any) -> None:
    row_model(alone(column)).model_validate({"key": "k", "x": value})


@pytest.mark.parametrize(("column", "value"), BAD)
def test_a_row_may_not_hold(column: Column, value: Any) -> None:
    with pytest.raises(ValidationError):
        row_model(alone(column)).model_validate({"key": "k", "x": value})


@pytest.mark.parametrize(("column", "value"), GOOD)
def test_a_table_may_hold(column: Column, value: Any) -> None:
    assert judge(table(column, value), alone(column), labelled=False).faults == []


@pytest.mark.parametrize(("column", "value"), BAD)
def test_a_table_may_not_hold(column: Column, value: Any) -> None:
    violations = judge(table(column, value), alone(column), labelled=False).faults
    assert [(v.row, v.column, v.allowed) for v in violations] == [(0, "x", column.allowed())]


def test_the_examples_keep_the_schema_row_by_row(row: type[BaseModel]) -> None:
    assert len([row.model_validate(example) for example in ROWS]) >= 3


def test_the_examples_keep_the_schema_as_a_table_with_their_targets() -> None:
    examples = pl.DataFrame(ROWS, infer_schema_length=None).with_columns(
        pl.Series(SCHEMA.target.name, TARGETS)
    )
    assert judge(examples, SCHEMA).faults == []


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_value_is_refused_in_a_row(column: str, value: Any, row: type[BaseModel]) -> None:
    with pytest.raises(ValidationError) as refused:
        row.model_validate(ROWS[0] | {column: value})
    assert {error["loc"][0] for error in refused.value.errors()} == {column}


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_value_is_refused_in_a_table(column: str, value: Any) -> None:
    spoilt = pl.DataFrame([ROWS[0] | {column: value}], strict=False)
    violations = judge(spoilt, SCHEMA, labelled=False).faults
    assert {(v.row, v.column) for v in violations} == {(0, column)}
    assert violations[0].allowed == SCHEMA.column(column).allowed()


def test_every_column_says_what_it_is() -> None:
    assert [column.name for column in SCHEMA.columns if not column.description] == []
