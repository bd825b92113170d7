"""Duplicate names in a body are always detected."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.data.violations import DUPLICATED, Violation
from modelyard.schema.columns import Number
from modelyard.serving.rest.body import count_names, row_reader
from modelyard.serving.rest.responses import RequestError

from tests.runtime.orders import ORDER, ORDERS

READER = row_reader(ORDERS, 9)
ROW = json.dumps(ORDER)
BLANKS = st.text(" \t\r\n", max_size=2)
TEXTS = st.text('": \\a\n', max_size=4)
JSON = st.recursive(
    st.none() | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner)
)


def body(*rows: str) -> bytes:
    return b'{"rows": [%s]}' % ", ".join(rows).encode()


def read(content: bytes) -> tuple[list[dict[str, Any]], list[set[str]]]:
    """Return the values of rows, and the names of their unknown columns."""
    rows = READER.read(content)
    return [vars(row) for row in rows], [{*row.model_extra} for row in rows]


def rejected(content: bytes) -> RequestError:
    with pytest.raises(RequestError) as refused:
        READER.read(content)
    return refused.value


@given(JSON, BLANKS)
def test_the_names_in_a_body_are_counted_or_more(value: Any, blank: str) -> None:
    pairs: list[Any] = []
    content = json.dumps(value, separators=(",", f"{blank}:"))
    json.loads(content, object_pairs_hook=pairs.extend)
    assert count_names(content.encode()) >= len(pairs)


@pytest.mark.parametrize("blank", ["", " ", "\t", "\r", "\n", " \n "])
@pytest.mark.parametrize("place", [0, 1])
def test_a_column_that_is_named_twice_is_a_violation_of_its_row(blank: str, place: int) -> None:
    rows = [ROW, ROW]
    rows[place] = f'{ROW[:-1]}, "price"{blank}:{blank}7.5}}'
    found = rejected(body(*rows))
    twice, allowed = {DUPLICATED: [ORDER["price"], 7.5]}, ORDERS.column("price").allowed()
    violation = Violation(place, "price", twice, allowed)
    assert (found.status, found.violations) == (422, [violation])


def test_an_unknown_column_may_be_named_twice_for_its_value_does_not_count() -> None:
    row = f'{ROW[:-1]}, "more": 1, "more": 2}}'
    assert read(body(ROW, row)) == (read(body(ROW, ROW))[0], [set(), {"more"}])


@pytest.mark.parametrize(
    "value",
    [
        *('{"a": {"b": 1}}', '[{"a": 1, "a": 2}]', '"\\": \\":"'),
        *('{"a": %s}' % ("9" * 4300), '{"a": %s}' % ("[" * 190 + "]" * 190)),
    ],
)
def test_names_within_a_value_are_not_columns(value: str) -> None:
    row = f'{ROW[:-1]}, "more": {value}}}'
    assert read(body(row)) == (read(body(ROW))[0], [{"more"}])


def test_a_body_with_two_lists_of_rows_is_refused() -> None:
    found = rejected(b'{"rows": [], "rows": [%s]}' % ROW.encode())
    assert found.status == 422
    assert DUPLICATED in found.error


def test_the_message_about_an_unknown_name_of_any_length_is_short() -> None:
    found = rejected(b'{"rows": [%s], "%s": 1}' % (ROW.encode(), b"x" * 500_000))
    assert (found.status, len(found.error) < 500) == (422, True)
    assert found.error.startswith("x" * 200 + "… is unknown, allowed is rows; ")


def test_the_response_to_many_violations_with_long_values_is_short() -> None:
    bad = json.dumps(ORDER | {"payment": "x" * 900, "country": "y" * 5000, "price": "9" * 900})
    reader = row_reader(ORDERS, 1000)
    with pytest.raises(RequestError) as refused:
        reader.read(body(*[bad] * 1000))
    assert len(refused.value.violations) == 3000
    assert len(refused.value.response().body) < 100 * 500


def test_a_row_that_lacks_many_columns_is_not_copied_for_each(peak: Callable[[], int]) -> None:
    names = [f"n{number}" for number in range(50)]
    numbers = tuple(Number(name, "") for name in names)
    reader = row_reader(replace(ORDERS, columns=(*ORDERS.columns, *numbers)), 9)
    more = b'{"a":1},' * 10_000
    with pytest.raises(RequestError) as refused:
        reader.read(b'{"rows": [{"more": [%s0]}]}' % more)
    found = [violation.column for violation in refused.value.violations]
    assert found == [*(one.name for one in ORDERS.columns if one.required), *names]
    assert peak() < 10_000_000
