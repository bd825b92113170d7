from dataclasses import replace
from typing import Any

import pytest
from modelyard.project import Project
from modelyard.schema.columns import Number
from modelyard.testing.schema import (
    check_bad_value,
    check_descriptions,
    check_examples,
    check_time,
)

from examples import BAD_VALUES, ROWS, TARGETS


def test_the_examples_schema_passes(project: Project) -> None:
    check_examples(project.schema, ROWS, TARGETS)
    check_descriptions(project.schema)
    check_time(project.schema)
    for column, value in BAD_VALUES:
        check_bad_value(project.schema, ROWS[0], column, value)


BAD_EXAMPLES: list[tuple[list[Any], list[Any], str]] = [
    (ROWS[:2], TARGETS[:2], r"^tests/examples\.py: ROWS has 2 rows, needed are at least 3$"),
    (ROWS, TARGETS[:2], r"^tests/examples\.py: ROWS has 3 rows, but TARGETS 2$"),
    ([*ROWS, ROWS[0] | {"seats": -1}], [*TARGETS, "late"], r"ROWS\[3\] breaks .* in seats$"),
    (ROWS, ["late", "late", "never"], r"ROWS or TARGETS break schema\.py: row 2: arrival is 'nev"),
]


@pytest.mark.parametrize(("rows", "targets", "message"), BAD_EXAMPLES)
def test_bad_examples_are_named(
    rows: list[Any], targets: list[Any], message: str, project: Project
) -> None:
    with pytest.raises(AssertionError, match=message):
        check_examples(project.schema, rows, targets)


def test_a_value_that_is_not_refused_is_named(project: Project) -> None:
    message = r"^schema\.py: seats = 5\.0 should be refused for seats, a request .* for nothing$"
    with pytest.raises(AssertionError, match=message):
        check_bad_value(project.schema, ROWS[0], "seats", 5.0)


def test_a_value_that_is_refused_for_another_column_too_is_named(project: Project) -> None:
    row = ROWS[0] | {"carrier": ""}
    with pytest.raises(AssertionError, match=r"a request is refused for \['carrier', 'seats'\]"):
        check_bad_value(project.schema, row, "seats", -5.0)


def test_a_column_without_a_description_is_named(project: Project) -> None:
    silent = replace(project.schema, columns=(*project.schema.columns, Number("depth", " ")))
    with pytest.raises(AssertionError, match=r"^schema\.py: no description of depth$"):
        check_descriptions(silent)


def test_rows_with_a_time_that_are_split_by_a_hash_are_named(project: Project) -> None:
    with pytest.raises(AssertionError, match=r"^schema\.py: time is None, .* scheduled_departure:"):
        check_time(replace(project.schema, time=None))
