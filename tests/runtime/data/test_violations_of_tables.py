"""Each invalid value of a table is one violation: row, column, value found, allowed values."""

import math
from typing import Any

import pytest
from modelyard.data.validate import judge
from modelyard.data.violations import Violation

from tests.runtime.orders import ORDERS, orders

TEXT = "a text of 1 to 8 characters"
PAYMENT = "one of card, cash"
PRICE = "a finite number from 0 to 1000 €"
SPOILT: list[tuple[str, list[Any], dict[int, Any], str]] = [
    ("order", ["A1", "", "äöüäöüäö", "A23456789", None], {1: "", 3: "A23456789", 4: None}, TEXT),
    ("payment", ["card", "Card", None, ""], {1: "Card", 2: None, 3: ""}, PAYMENT),
    ("country", ["DE", "", None], {1: ""}, "a text of 1 to 1000 characters, known are FR, IT"),
    ("price", [0.0, -0.1, 1000.0, 1000.5, None], {1: -0.1, 3: 1000.5, 4: None}, PRICE),
    ("price", [math.inf, 1.0, -math.inf], {0: math.inf, 2: -math.inf}, PRICE),
    ("weight", [math.inf, None, -5.0], {0: math.inf}, "a finite number kg"),
    ("placed", [None], {0: None}, "a local date and time such as 2013-08-01T06:30:00"),
]


def violations(**columns: list[Any]) -> list[Violation]:
    table = orders(max(map(len, columns.values())), **columns)
    return judge(table, ORDERS, labelled=False).faults


@pytest.mark.parametrize(("column", "values", "bad", "allowed"), SPOILT)
def test_each_bad_value_of_a_column_is_a_violation(
    column: str, values: list[Any], bad: dict[int, Any], allowed: str
) -> None:
    expected = [Violation(row, column, found, allowed) for row, found in bad.items()]
    assert violations(**{column: values}) == expected


def test_a_value_that_is_not_a_number_is_a_violation() -> None:
    (violation,) = violations(price=[1.0, math.nan])
    assert (violation.row, violation.column, violation.allowed) == (1, "price", PRICE)
    assert math.isnan(violation.found)


def test_violations_are_in_order_of_row_and_then_of_the_schemas_columns() -> None:
    payments, orders = ["card", "shells", None], ["", "A", "B"]
    found = violations(price=[-1.0, 1.0, -2.0], payment=payments, order=orders)
    assert [(v.row, v.column) for v in found] == [
        *((0, "order"), (0, "price")),
        (1, "payment"),
        *((2, "payment"), (2, "price")),
    ]


def test_a_long_table_has_all_its_violations() -> None:
    found = violations(price=[-1.0, 1.0] * 5000)
    assert [v.row for v in found] == list(range(0, 10_000, 2))
    assert {v.found for v in found} == {-1.0}
