"""JSON that no table holds is treated alike by REST and edge: duplicate names, nested values."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.data.violations import DUPLICATED, ROW, shorten
from modelyard.schema.columns import Category

from tests.runtime.rest_client import running

from examples import ROWS

TARGETS = ["rest", "edge"]
TEXT = next(column.name for column in SCHEMA.columns if isinstance(column, Category))
DEPTHS = [1, 100, *range(195, 202), 500, 900, *range(975, 1000), 5000, 100_000]
NUMBERS = ["9" * 400, "9" * 4200, "1" + "0" * 10_000, "-" + "9" * 5000, "1" + "0" * 5000 + ".5"]


def nested(depth: int) -> list[str]:
    """Return an array and an object of a depth."""
    return ["[" * depth + "]" * depth, '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)]


def with_value(column: str, text: str) -> str:
    """Return a row as JSON in which a column has a value that is given as JSON."""
    return json.dumps(ROWS[0] | {column: 123454321}).replace("123454321", text)


@pytest.mark.parametrize("name", TARGETS)
def test_a_row_with_a_duplicate_column_is_refused_with_both_values(
    name: str, tmp_path: Path
) -> None:
    row, other = ROWS[:2]
    twice = [json.dumps(row)[:-1] + f', "{one}": {json.dumps(other.get(one))}' + "}" for one in row]
    found = importlib.import_module(f"tests.runtime.{name}_target").violations(twice, tmp_path)
    assert [[(v["column"], v["found"]) for v in one] for one in found] == [
        [(one, shorten({DUPLICATED: [row[one], other.get(one)]}))] for one in row
    ]


def answers(rows: list[str], folder: Path) -> tuple[list[int], list[list[dict[str, Any]]]]:
    """Return the status of REST for each row alone, and the violations on a device."""
    with running() as client:
        sent = [client.post("/predict", content=f'{{"rows": [{row}]}}') for row in rows]
    assert max(len(answer.content) for answer in sent) < 1000
    found = importlib.import_module("tests.runtime.edge_target").violations(rows, folder)
    return [answer.status_code for answer in sent], found


def test_an_unknown_column_may_be_nested_to_the_same_depth(tmp_path: Path) -> None:
    rows = [with_value("more", text) for depth in DEPTHS for text in nested(depth)]
    statuses, found = answers(rows, tmp_path)
    rules = [[violation["allowed"] for violation in one] for one in found]
    assert rules == [[] if status == 200 else [ROW] for status in statuses]
    assert {*statuses} == {200, 400}


def test_a_known_column_that_is_nested_to_any_depth_is_refused(tmp_path: Path) -> None:
    rows = [with_value(TEXT, text) for depth in DEPTHS for text in nested(depth)]
    statuses, [*found, last] = answers([*rows, json.dumps(ROWS[0])], tmp_path)
    assert ({*statuses[:-1]}, statuses[-1]) == ({400, 422}, 200)
    assert ([len(one) for one in found], last) == ([1] * len(rows), [])


def test_a_number_of_many_digits_is_refused(tmp_path: Path) -> None:
    columns = [SCHEMA.numbers[0], TEXT]
    rows = [with_value(column, text) for column in columns for text in NUMBERS]
    twice = [row[:-1] + ', "more": 1, "more": 2}' for row in rows]
    statuses, found = answers([*rows, *twice], tmp_path)
    assert {*statuses} == {400, 422}
    assert [len(one) for one in found] == [1] * len(found)
