"""Arrays of texts: their memory is bounded, and no text looks like another one."""

import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelyard.schema.columns import Category, Text
from modelyard.schema.texts import END, WIDEST, to_array

KNOWN = ("AA", "B6", "é" * 40)
OPEN, CLOSED = (Category("x", "", values=KNOWN, others=others) for others in (True, False))
SHORT, LONG = Text("x", "", max_length=WIDEST), Text("x", "", max_length=WIDEST + 1)
ODD = st.text(st.sampled_from("AB6é\0\ufffd…"), max_size=4) | st.sampled_from(KNOWN)
UNLIKE = ["AA\0", "AA\0\0", "A\0A", "\0AA", "\0", "aa", "AA ", "A", "AA\uffff", "B6\0"]
BUILDS: dict[str, Callable[[np.ndarray], Any]] = {
    "==": lambda values: values == np.array(KNOWN)[:, np.newaxis],
    "isin": lambda values: np.isin(values, KNOWN),
    "where": lambda values: np.where(values == "AA", 1.0, 0.0),
    "lookup": lambda values: [dict.fromkeys(KNOWN, 1).get(value, 0) for value in values],
    "unique": lambda values: np.unique(values, return_inverse=True)[1],
    "missing": lambda values: values == "",
    "length": lambda values: np.char.str_len(values),
    "prefix": lambda values: np.char.startswith(values, "A"),
    "upper": lambda values: np.char.upper(values) == "AA",
    "replace": lambda values: np.char.replace(values, "A", "B").tolist(),
}


@pytest.mark.parametrize("column", [OPEN, CLOSED, SHORT])
@pytest.mark.parametrize("length", [50_000, 850_000])
def test_one_long_text_among_many_takes_memory_once(column: Any, length: int) -> None:
    array = column.to_array(["AA"] * 999 + ["x" * length])
    assert array.nbytes <= 1000 * WIDEST * 4
    assert array.tolist() == ["AA"] * 999 + ["x" * (WIDEST - 1) + "…"]


def test_a_text_of_any_length_is_kept_and_takes_its_own_memory() -> None:
    long = "x" * 100_000 + "\0"
    array = LONG.to_array(["AA"] * 999 + [long, None])
    assert array.nbytes <= 1001 * 16
    assert (array[999], array[1000]) == (long, "")


@pytest.mark.parametrize("length", [1, 2, 40, 200, WIDEST])
def test_a_text_that_fits_is_kept_as_it_is_and_the_array_is_as_wide_as_the_longest(
    length: int,
) -> None:
    array = OPEN.to_array(["x" * length, "A"])
    assert array.dtype == np.dtype(f"<U{length}")
    assert array.tolist() == ["x" * length, "A"]


def test_a_known_value_of_any_length_is_kept_and_no_cut_text_equals_it() -> None:
    known = "x" * 400 + "…"
    column = Category("x", "", values=(known,), others=True)
    array = column.to_array([known, "x" * 402, "x" * 900, known[:-1] + "yz"])
    assert (array == known).tolist() == [True, False, False, False]


@given(st.lists(ODD, max_size=6))
def test_texts_are_equal_in_an_array_only_if_they_are_equal(texts: list[str]) -> None:
    for column in (OPEN, SHORT, LONG):
        array = column.to_array(texts)
        for name in (*KNOWN, ""):
            assert (array == name).tolist() == [text == name for text in texts]


@pytest.mark.parametrize("text", UNLIKE)
@pytest.mark.parametrize("column", [OPEN, SHORT, LONG])
def test_a_text_that_resembles_a_known_one_is_another(column: Any, text: str) -> None:
    assert not np.isin(column.to_array([text]), KNOWN).any()


def test_texts_are_compared_by_code_points() -> None:
    composed = unicodedata.normalize("NFC", "é")
    array = OPEN.to_array([composed, unicodedata.normalize("NFD", "é")])
    assert (array == composed).tolist() == [True, False]


def test_nuls_inside_a_text_are_kept_and_one_at_the_end_has_a_stand_in() -> None:
    assert to_array(["\0a\0b", "a\0\0"], 9).tolist() == ["\0a\0b", f"a{END}{END}"]


@pytest.mark.parametrize("name", BUILDS)
@pytest.mark.parametrize("column", [OPEN, SHORT, LONG])
def test_usual_features_of_texts_are_those_of_plain_strings(column: Any, name: str) -> None:
    texts = ["AA", "B6", "", "unheard of", "é" * 40, "AA"]
    plain, found = np.array(texts), column.to_array([text or None for text in texts])
    np.testing.assert_array_equal(BUILDS[name](found), BUILDS[name](plain))
