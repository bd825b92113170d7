"""Each bad value of a table is listed once: row, column, what was found, what is allowed."""

import math
from typing import Any

import pytest
from modelyard.data.polars_schema import table_faults
from modelyard.data.tables import with_types
from modelyard.data.violations import Fault

from tests.runtime.orders import ORDERS, orders

TEXT = "a text of 1 to 8 characters"
PAYMENT = "one of card, cash"
PRICE = "a finite number from 0 to 1000 €"
SPOILT: list[tuple[str, list[Any], dict[int, Any], str]] = [
    ("order", ["A1", "", "äöüäöüäö", "A23456789", None], {1: "", 3: "A23456789", 4: None}, TEXT),
    ("payment", ["card", "Card", None, ""], {1: "Card", 2: None, 3: ""}, PAYMENT),
    ("country", ["DE", "", None], {1: ""}, "a text, known are FR, IT"),
    ("price", [0.0, -0.1, 1000.0, 1000.5, None], {1: -0.1, 3: 1000.5, 4: None}, PRICE),
    ("price", [math.inf, 1.0, -math.inf], {0: math.inf, 2: -math.inf}, PRICE),
    ("weight", [math.inf, None, -5.0], {0: math.inf}, "a finite number kg"),
    ("placed", [None], {0: None}, "a local date and time such as 2013-08-01T06:30:00"),
]


def faults(**columns: list[Any]) -> list[Fault]:
    table = orders(max(map(len, columns.values())), **columns)
    return table_faults(with_types(table, ORDERS, parse_texts=False)[0], ORDERS)


@pytest.mark.parametrize(("column", "values", "bad", "allowed"), SPOILT)
def test_each_bad_value_of_a_column_is_a_fault(
    column: str, values: list[Any], bad: dict[int, Any], allowed: str
) -> None:
    expected = [Fault(row, column, found, allowed) for row, found in bad.items()]
    assert faults(**{column: values}) == expected


def test_a_value_that_is_not_a_number_is_a_fault() -> None:
    (fault,) = faults(price=[1.0, math.nan])
    assert (fault.row, fault.column, fault.allowed) == (1, "price", PRICE)
    assert math.isnan(fault.found)


def test_faults_are_in_order_of_row_and_then_of_the_schemas_columns() -> None:
    found = faults(price=[-1.0, 1.0, -2.0], payment=["card", "shells", None], order=["", "A", "B"])
    assert [(fault.row, fault.column) for fault in found] == [
        *((0, "order"), (0, "price")),
        (1, "payment"),
        *((2, "payment"), (2, "price")),
    ]


def test_a_long_table_has_all_its_faults() -> None:
    found = faults(price=[-1.0, 1.0] * 5000)
    assert [fault.row for fault in found] == list(range(0, 10_000, 2))
    assert {fault.found for fault in found} == {-1.0}
