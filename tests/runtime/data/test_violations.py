"""What is wrong with a row is said so that JSON can show it."""

import json
from typing import Any

import pytest
from modelyard.data.violations import TWICE, once


def read(text: str) -> Any:
    return json.loads(text, object_pairs_hook=once)


@pytest.mark.parametrize("text", ["{}", '{"b": 1, "a": null}', '{"a": {"a": [{"a": 1}, {}]}}'])
def test_an_object_that_names_nothing_twice_is_read_as_it_is(text: str) -> None:
    assert json.dumps(read(text)) == text


def test_what_is_named_twice_has_all_its_values_and_the_rest_its_own() -> None:
    found = read('{"a": 1, "b": 2, "a": 1, "c": null, "a": [3]}')
    assert found == {"a": {TWICE: [1, 1, [3]]}, "b": 2, "c": None}


def test_an_object_within_another_is_read_so_too() -> None:
    assert read('[{"a": {"b": 1, "b": 2}}]') == [{"a": {"b": {TWICE: [1, 2]}}}]
