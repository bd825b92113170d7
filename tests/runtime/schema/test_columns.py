import math
import re
from typing import Any

import numpy as np
import pytest
from modelyard.schema.columns import (
    Category,
    Column,
    Number,
    Text,
    Timestamp,
)

OTHERS = "a text of 1 to 1000 characters, known are a, b"
RULES = [
    (Number("x", ""), "a finite number"),
    (Number("x", "", unit="kg"), "a finite number kg"),
    (Number("x", "", min=0.5), "a finite number of at least 0.5"),
    (Number("x", "", max=9, unit="%"), "a finite number of at most 9 %"),
    (Number("x", "", min=-1, max=1), "a finite number from -1 to 1"),
    (Category("x", "", values=("a", "b")), "one of a, b"),
    (Category("x", "", values=("a", "b"), others=True), OTHERS),
    (Text("x", "", max_length=9), "a text of 1 to 9 characters"),
    (Timestamp("x", ""), "a local date and time such as 2013-08-01T06:30:00"),
]


@pytest.mark.parametrize(("column", "rule"), RULES)
def test_a_column_says_in_words_what_it_may_hold(column: Column, rule: str) -> None:
    assert column.allowed() == rule


def test_numbers_become_doubles_and_a_missing_one_nan() -> None:
    array = Number("x", "").to_array([1, None, 2.5])
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [1.0, np.nan, 2.5])


def test_a_missing_zero_is_not_a_zero_and_a_zero_is_not_missing() -> None:
    np.testing.assert_array_equal(Number("x", "").to_array([0, None]), [0.0, np.nan])


@pytest.mark.parametrize("column", [Category("x", "", values=("a",)), Text("x", "")])
def test_texts_become_strings_and_a_missing_one_the_empty_string(column: Column) -> None:
    array = column.to_array(["é", None, "two"])
    assert array.dtype.kind == "U"
    assert array.tolist() == ["é", "", "two"]


def test_times_become_seconds_and_a_missing_one_not_a_time() -> None:
    array = Timestamp("x", "").to_array(["2024-05-01T09:30:00", "2024-05-01 09:30", None])
    assert array.dtype == np.dtype("datetime64[s]")
    assert array[0] == array[1] == np.datetime64("2024-05-01T09:30:00")
    assert np.isnat(array[2])


@pytest.mark.parametrize(
    "column", [Number("x", ""), Category("x", "", values=("a",)), Timestamp("x", "")]
)
def test_no_values_become_an_empty_array(column: Column) -> None:
    assert column.to_array([]).shape == (0,)


def test_a_number_describes_its_range_and_unit() -> None:
    described = Number("x", "what it is", False, 0, 9, "kg").describe()
    assert described == {
        "name": "x",
        "type": "number",
        "required": False,
        "min": 0,
        "max": 9,
        "allowed": None,
        "description": "what it is",
        "unit": "kg",
    }


def test_a_category_describes_its_values() -> None:
    described = Category("x", "", values=("a", "b"), others=True).describe()
    assert (described["type"], described["allowed"]) == ("category", ["a", "b"])
    assert described["others"] is True


WRONG: list[tuple[type[Column], dict[str, Any], str]] = [
    (Number, {"min": "10"}, "min is '10', allowed is a finite number or None"),
    (Number, {"max": True}, "max is True, allowed is a finite number or None"),
    (Number, {"max": math.inf}, "max is inf, allowed is a finite number or None"),
    (Number, {"min": 9, "max": 1}, "min is 9, allowed is at most max (1)"),
    (Number, {"unit": 5}, "unit is 5, allowed is a text"),
    (Number, {"required": 1950}, "required is 1950, allowed is True or False"),
    (Number, {"description": None}, "description is None, allowed is a text"),
    (Category, {}, "values is (), allowed is unique texts, "),
    (Category, {"values": ("a")}, "values is 'a', allowed is unique texts, "),
    (Category, {"values": ("a", "a")}, "values is ('a', 'a'), allowed is unique texts"),
    (Category, {"values": ("a", 1)}, "values is ('a', 1), allowed is unique texts"),
    (Category, {"values": ("a\0",)}, "values is ('a\\x00',), allowed is unique texts, "),
    (Category, {"values": ("a",), "others": 1}, "others is 1, allowed is True or False"),
    (Text, {"max_length": 0}, "max_length is 0, allowed is a whole number of at least 1"),
    (Text, {"max_length": True}, "max_length is True, allowed is a whole number of at least 1"),
]


@pytest.mark.parametrize(("kind", "words", "message"), WRONG)
def test_an_invalid_column_is_refused_with_argument_value_and_allowed_values(
    kind: type[Column], words: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(f"schema.py: column x: {message}")):
        kind(**{"name": "x", "description": ""} | words)


@pytest.mark.parametrize("name", ["", " ", 7])
def test_a_column_has_a_name(name: Any) -> None:
    with pytest.raises(ValueError, match=rf"name is {name!r}, allowed is a text that is not empty"):
        Text(name, "")
