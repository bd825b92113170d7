"""A device gives the same verdicts on rows as pydantic in a request and Polars in a table."""

from typing import Any

import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from hypothesis import given, settings
from hypothesis import strategies as st
from modelyard.data.pydantic_schema import row_model
from modelyard.data.validate import judge
from modelyard.data.violations import ROW, Violation, shorten
from modelyard.schema.contract import Schema
from modelyard.serving.edge.json_lines import RowCheck
from pydantic import BaseModel, ValidationError

from tests.runtime.orders import ORDER, ORDERS, VALUES

from examples import BAD_VALUES, ROWS

ORDER_ROW, PROJECT_ROW = row_model(ORDERS), row_model(SCHEMA)
ORDER_CHECK, PROJECT_CHECK = RowCheck(ORDERS), RowCheck(SCHEMA)
DEEP = st.one_of(VALUES, st.lists(VALUES, max_size=2), st.dictionaries(st.text(), VALUES))
TIMES = ["2024-05-01T09:30\n", "2024-05-01T09:30:00Z", "٢024-05-01T09:30", "2024-02-30T09:30"]


def plain(violations: list[Violation]) -> list[Violation]:
    """Return violations with comparable values: NaN as text."""
    return [v._replace(found=shorten(v.found)) for v in violations]


def violations_in_a_request(model: type[BaseModel], schema: Schema, row: Any) -> list[Violation]:
    try:
        model.model_validate(row)
    except ValidationError as refused:
        return plain(
            [
                Violation(
                    7,
                    name := str(error["loc"][0]),
                    None if error["type"] == "missing" else error["input"],
                    schema.column(name).allowed(),
                )
                for error in refused.errors()
            ]
        )
    return []


def violations_in_a_table(schema: Schema, row: dict[str, Any]) -> list[Violation]:
    table = pl.DataFrame({name: [value] for name, value in row.items()}, strict=False)
    found = judge(table, schema, labelled=False).faults
    ordered = sorted(found, key=lambda v: schema.names.index(v.column))
    return plain([v._replace(row=7) for v in ordered])


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ORDERS.names, DEEP)))
def test_a_row_has_the_same_violations_on_a_device_as_in_a_request(changes: dict[str, Any]) -> None:
    row = ORDER | changes
    found = plain(ORDER_CHECK.violations(row, 7))
    assert found == violations_in_a_request(ORDER_ROW, ORDERS, row)


@given(st.dictionaries(st.sampled_from(ORDERS.names), VALUES))
def test_a_row_that_lacks_columns_has_the_same_violations_too(row: dict[str, Any]) -> None:
    found = plain(ORDER_CHECK.violations(row, 7))
    assert found == violations_in_a_request(ORDER_ROW, ORDERS, row)


@settings(max_examples=30)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ORDERS.names, VALUES)))
def test_a_row_has_the_same_violations_on_a_device_as_in_a_table(changes: dict[str, Any]) -> None:
    row = ORDER | changes
    assert plain(ORDER_CHECK.violations(row, 7)) == violations_in_a_table(ORDERS, row)


@given(st.sampled_from(ROWS), st.sampled_from(SCHEMA.names), DEEP)
def test_the_projects_rows_have_the_same_violations_on_a_device_as_in_a_request(
    row: dict[str, Any], column: str, value: Any
) -> None:
    changed = row | {column: value}
    found = plain(PROJECT_CHECK.violations(changed, 7))
    assert found == violations_in_a_request(PROJECT_ROW, SCHEMA, changed)


@settings(max_examples=30)
@given(st.sampled_from(ROWS), st.sampled_from(SCHEMA.names), VALUES)
def test_the_projects_rows_have_the_same_violations_on_a_device_as_in_a_table(
    row: dict[str, Any], column: str, value: Any
) -> None:
    changed = row | {column: value}
    assert plain(PROJECT_CHECK.violations(changed, 7)) == violations_in_a_table(SCHEMA, changed)


@pytest.mark.parametrize("value", TIMES)
def test_a_time_of_another_form_is_a_violation_on_a_device_and_in_a_request(value: str) -> None:
    row = ORDER | {"placed": value}
    found = ORDER_CHECK.violations(row, 7)
    assert [v.found for v in found] == [value]
    assert found == violations_in_a_request(ORDER_ROW, ORDERS, row)


@pytest.mark.parametrize("value", [0.0, 1000.0, 1000, -0.0])
def test_the_bounds_are_included(value: float) -> None:
    assert ORDER_CHECK.violations(ORDER | {"price": value}, 0) == []


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e309, True])
def test_a_value_that_is_not_a_finite_number_is_a_violation(value: Any) -> None:
    assert [f.column for f in ORDER_CHECK.violations(ORDER | {"weight": value}, 0)] == ["weight"]


def test_the_examples_have_no_violations() -> None:
    assert [PROJECT_CHECK.violations(row, 0) for row in ROWS] == [[]] * len(ROWS)


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_value_is_named_with_row_column_value_and_rule(column: str, value: Any) -> None:
    allowed = SCHEMA.column(column).allowed()
    found = PROJECT_CHECK.violations(ROWS[0] | {column: value}, 5)
    assert found == [Violation(5, column, value, allowed)]


@pytest.mark.parametrize("row", [1, "x", None, []])
def test_a_row_that_is_not_an_object_is_one_violation(row: Any) -> None:
    assert ORDER_CHECK.violations(row, 2) == [Violation(2, "", row, ROW)]


def test_unknown_columns_are_ignored_and_listed_in_order() -> None:
    row = ORDER | {"zz": 1, "aa": None}
    assert ORDER_CHECK.violations(row, 0) == []
    assert ORDER_CHECK.ignored(row) == ["aa", "zz"]
    assert ORDER_CHECK.ignored(ORDER) == []
