"""Violations can be serialized as JSON."""

import json
from typing import Any

import pytest
from modelyard.data.violations import DUPLICATED, Violation, mark_duplicates, summarize


def read(text: str) -> Any:
    return json.loads(text, object_pairs_hook=mark_duplicates)


@pytest.mark.parametrize("text", ["{}", '{"b": 1, "a": null}', '{"a": {"a": [{"a": 1}, {}]}}'])
def test_an_object_without_duplicate_names_is_read_unchanged(text: str) -> None:
    assert json.dumps(read(text)) == text


def test_a_duplicate_name_gets_all_its_values() -> None:
    found = read('{"a": 1, "b": 2, "a": 1, "c": null, "a": [3]}')
    assert found == {"a": {DUPLICATED: [1, 1, [3]]}, "b": 2, "c": None}


def test_duplicate_names_in_a_nested_object_are_marked() -> None:
    assert read('[{"a": {"b": 1, "b": 2}}]') == [{"a": {"b": {DUPLICATED: [1, 2]}}}]


@pytest.mark.parametrize("found", ["x" * 100_000, [["x"] * 9999], b"x" * 9999, {"x" * 9999: 1}])
def test_a_long_value_is_cut_in_messages(found: Any) -> None:
    violation = Violation(3, "country", found, "one of FR, IT")
    assert str(violation).startswith(f"row 3: country is {repr(found)[:200]}…, allowed is one of")
    assert len(summarize([violation] * 1000)) < 1000
