"""Violations can be serialized as JSON."""

import json
from typing import Any

import pytest
from modelyard.data.violations import DUPLICATED, mark_duplicates


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
