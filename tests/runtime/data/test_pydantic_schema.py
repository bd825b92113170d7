"""Single rows and tables get the same verdicts for any values."""

from typing import Any

import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from hypothesis import given, settings
from hypothesis import strategies as st
from modelyard.data.pydantic_schema import row_model
from modelyard.data.validate import judge
from modelyard.schema.contract import Schema
from pydantic import BaseModel, ValidationError

from tests.runtime.orders import ORDER, ORDERS, VALUES

from examples import ROWS

ORDER_ROW, PROJECT_ROW = row_model(ORDERS), row_model(SCHEMA)


def faulty_in_a_row(model: type[BaseModel], row: dict[str, Any]) -> set[str]:
    try:
        model.model_validate(row)
    except ValidationError as refused:
        return {str(error["loc"][0]) for error in refused.errors()}
    return set()


def faulty_in_a_table(schema: Schema, row: dict[str, Any]) -> set[str]:
    table = pl.DataFrame({name: [value] for name, value in row.items()}, strict=False)
    return {v.column for v in judge(table, schema, labelled=False).faults}


@settings(max_examples=30)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ORDERS.names, VALUES)))
def test_a_row_and_a_table_of_one_row_have_the_same_bad_columns(changes: dict[str, Any]) -> None:
    row = ORDER | changes
    assert faulty_in_a_row(ORDER_ROW, row) == faulty_in_a_table(ORDERS, row)


@settings(max_examples=30)
@given(st.sampled_from(ROWS), st.sampled_from(SCHEMA.names), VALUES)
def test_the_projects_rows_and_tables_have_the_same_bad_columns(
    row: dict[str, Any], column: str, value: Any
) -> None:
    changed = row | {column: value}
    assert faulty_in_a_row(PROJECT_ROW, changed) == faulty_in_a_table(SCHEMA, changed)


def test_an_optional_column_may_be_absent_from_a_row_and_is_then_missing() -> None:
    checked = ORDER_ROW.model_validate({k: v for k, v in ORDER.items() if k != "weight"})
    assert checked.model_dump()["weight"] is None


@pytest.mark.parametrize("name", ["order", "placed", "payment", "price"])
def test_a_required_column_may_not_be_absent(name: str) -> None:
    assert faulty_in_a_row(ORDER_ROW, {k: v for k, v in ORDER.items() if k != name}) == {name}


def test_an_unknown_column_becomes_an_extra_field() -> None:
    assert ORDER_ROW.model_validate(ORDER | {"colour": 1}).model_extra == {"colour": 1}
