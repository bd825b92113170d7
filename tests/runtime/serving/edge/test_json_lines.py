"""What a device answers to a line."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.data.violations import ROW, TWICE, short
from modelyard.schema.columns import Category
from modelyard.serving.edge.bundle_settings import Terms
from modelyard.serving.edge.json_lines import Answers
from modelyard.serving.predictor import Predictor, to_rows

from tests.runtime.edge_runner import lines

from examples import BAD_VALUES, ROWS

SCORES = {"binary": {"score": None}, "multiclass": {"scores": None}, "regression": {}}
OPTIONAL = [column.name for column in SCHEMA.columns if not column.required]
REQUIRED = [column.name for column in SCHEMA.columns if column.required]
OPEN = [c.name for c in SCHEMA.columns if isinstance(c, Category) and c.others]


@pytest.fixture
def device(predictor: Predictor, terms: Terms) -> Answers:
    return Answers(predictor, terms)


def told(device: Answers, *rows: Any, expired: bool = False) -> list[dict[str, Any]]:
    found = device.to(lines(*rows).splitlines(), 0, expired=expired)
    return [json.loads(line) for line in found]


def fallback(device: Answers, *faults: dict[str, Any]) -> dict[str, Any]:
    answer = {"prediction": device.terms.fallback} | SCORES[SCHEMA.target.task]
    return answer | device.version | {"fallback": True, "faults": list(faults)}


def test_an_answer_is_that_of_the_predictor_with_the_models_version(
    device: Answers, predictor: Predictor, real_rows: list[dict[str, Any]]
) -> None:
    records = predictor.predict(to_rows(real_rows, SCHEMA)).records()
    version = {"model_version": predictor.version}
    assert told(device, *real_rows) == [record | version for record in records]


def test_a_row_scores_the_same_alone_and_together_and_with_its_columns_in_any_order(
    device: Answers, real_rows: list[dict[str, Any]]
) -> None:
    together = told(device, *real_rows)
    for place in (0, len(real_rows) // 2, len(real_rows) - 1):
        names = random.Random(7).sample(list(real_rows[place]), len(real_rows[place]))
        alone = {name: real_rows[place][name] for name in names}
        assert told(device, alone) == [together[place]]


def test_an_optional_column_may_be_null_or_absent_which_is_the_same(device: Answers) -> None:
    null = ROWS[0] | dict.fromkeys(OPTIONAL)
    absent = {name: ROWS[0][name] for name in REQUIRED}
    assert told(device, null) == told(device, absent)


def test_an_unknown_category_is_predicted_where_the_schema_allows_others(device: Answers) -> None:
    rows = [ROWS[0] | {name: "never seen before"} for name in OPEN]
    assert [one for one in told(device, ROWS[0], *rows) if "fallback" in one] == []


def test_unknown_columns_are_ignored_and_named(device: Answers) -> None:
    (extra, plain) = told(device, ROWS[0] | {"zz": 1, "aa": {"deep": [None]}}, ROWS[0])
    assert extra == plain | {"ignored_columns": ["aa", "zz"]}


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_row_among_good_ones_gets_the_fallback_with_its_faults(
    device: Answers, column: str, value: Any
) -> None:
    first, bad, last = told(device, ROWS[0], ROWS[0] | {column: value}, ROWS[1])
    allowed = SCHEMA.column(column).allowed()
    fault = {"row": 1, "column": column, "found": value, "allowed": allowed}
    assert bad == fallback(device, fault)
    assert [first, last] == told(device, ROWS[0], ROWS[1])


@pytest.mark.parametrize(
    "line",
    [
        *(b"{rows", b"\xff\xfe\x00", b"a=1&b=2", b"[" * 10_000, b"\xef\xbb\xbf{}"),
        *(b"9" * 6000, b'{"a": "\\ud800"}'),
    ],
)
def test_a_line_that_is_no_json_gets_the_fallback(device: Answers, line: bytes) -> None:
    (answer,) = [json.loads(found) for found in device.to([line], 3, expired=False)]
    (fault,) = answer["faults"]
    assert (fault["row"], fault["column"], fault["allowed"]) == (3, "", ROW)
    assert len(fault["found"]) <= 201
    assert answer == fallback(device, fault)


@pytest.mark.parametrize("row", [1, "x", None, []])
def test_a_line_that_is_no_object_gets_the_fallback(device: Answers, row: Any) -> None:
    (answer,) = told(device, row)
    assert answer["faults"][0]["allowed"] == ROW


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-1e400", "9" * 400])
def test_a_number_must_be_finite(device: Answers, text: str) -> None:
    number = next(c.name for c in SCHEMA.columns if c.kind == "number")
    line = json.dumps(ROWS[0] | {number: 123454321}).replace("123454321", text)
    (answer,) = [json.loads(found) for found in device.to([line.encode()], 0, expired=False)]
    assert [fault["column"] for fault in answer["faults"]] == [number]


@pytest.mark.parametrize("colon", [":", ": ", " :", "\t\r:"])
def test_a_column_that_is_named_twice_gets_the_fallback_with_both_values(
    device: Answers, colon: str
) -> None:
    name = REQUIRED[0]
    line = json.dumps(ROWS[0])[:-1] + f', "{name}"{colon}{json.dumps(ROWS[1][name])}' + "}"
    (answer,) = [json.loads(found) for found in device.to([line.encode()], 2, expired=False)]
    found = short({TWICE: [ROWS[0][name], ROWS[1][name]]})
    allowed = SCHEMA.column(name).allowed()
    fault = {"row": 2, "column": name, "found": found, "allowed": allowed}
    assert answer == fallback(device, fault)


def test_an_unknown_column_may_be_named_twice_for_its_value_does_not_count(
    device: Answers,
) -> None:
    line = json.dumps(ROWS[0])[:-1] + ', "more": 1, "more": {"a": 1, "a": 2}}'
    (answer,) = [json.loads(found) for found in device.to([line.encode()], 0, expired=False)]
    assert answer == told(device, ROWS[0])[0] | {"ignored_columns": ["more"]}


def test_the_number_of_a_row_is_its_place_in_the_whole_input(device: Answers) -> None:
    found = device.to([b"{}"], 40, expired=False)
    assert {fault["row"] for fault in json.loads(found[0])["faults"]} == {40}


def test_past_its_time_a_model_predicts_on_and_says_so(device: Answers, terms: Terms) -> None:
    device.terms = replace(terms, after_expiry="warn")
    in_time, late = told(device, ROWS[0]), told(device, ROWS[0], expired=True)
    assert late == [in_time[0] | {"expired": True}]


def test_past_its_time_a_model_is_not_asked_where_the_terms_say_fallback(
    device: Answers, terms: Terms
) -> None:
    device.terms = replace(terms, after_expiry="fallback")
    assert told(device, ROWS[0], expired=True) == [fallback(device) | {"expired": True}]
    assert "fallback" not in told(device, ROWS[0])[0]
