"""Predictions and fallbacks for JSON lines."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.data.violations import DUPLICATED, ROW, shorten
from modelyard.schema.columns import Category
from modelyard.serving.edge.json_lines import BundleSettings, LinePredictor
from modelyard.serving.predictor import Predictor, to_rows

from tests.runtime.edge_runner import lines

from examples import BAD_VALUES, ROWS

SCORES = {"binary": {"score": None}, "multiclass": {"scores": None}, "regression": {}}
OPTIONAL = [column.name for column in SCHEMA.columns if not column.required]
REQUIRED = [column.name for column in SCHEMA.columns if column.required]
OPEN = [c.name for c in SCHEMA.columns if isinstance(c, Category) and c.others]


@pytest.fixture
def device(predictor: Predictor, settings: BundleSettings) -> LinePredictor:
    return LinePredictor(predictor, settings)


def predicted(device: LinePredictor, *rows: Any, expired: bool = False) -> list[dict[str, Any]]:
    results = device.predict(lines(*rows).splitlines(), 0, expired=expired)
    return [json.loads(line) for line in results]


def fallback(device: LinePredictor, *violations: dict[str, Any]) -> dict[str, Any]:
    answer = {"prediction": device.settings.fallback} | SCORES[SCHEMA.target.task]
    return answer | device.version | {"fallback": True, "faults": list(violations)}


def test_a_result_is_that_of_the_predictor_with_the_models_version(
    device: LinePredictor, predictor: Predictor, real_rows: list[dict[str, Any]]
) -> None:
    records = predictor.predict(to_rows(real_rows, SCHEMA)).records()
    version = {"model_version": predictor.version}
    assert predicted(device, *real_rows) == [record | version for record in records]


def test_a_row_scores_the_same_alone_and_together_and_with_its_columns_in_any_order(
    device: LinePredictor, real_rows: list[dict[str, Any]]
) -> None:
    together = predicted(device, *real_rows)
    for place in (0, len(real_rows) // 2, len(real_rows) - 1):
        names = random.Random(7).sample(list(real_rows[place]), len(real_rows[place]))
        alone = {name: real_rows[place][name] for name in names}
        assert predicted(device, alone) == [together[place]]


def test_an_optional_column_may_be_null_or_absent_which_is_the_same(device: LinePredictor) -> None:
    null = ROWS[0] | dict.fromkeys(OPTIONAL)
    absent = {name: ROWS[0][name] for name in REQUIRED}
    assert predicted(device, null) == predicted(device, absent)


def test_an_unknown_category_is_predicted_if_allowed(device: LinePredictor) -> None:
    rows = [ROWS[0] | {name: "never seen before"} for name in OPEN]
    results = predicted(device, ROWS[0], *rows)
    assert [result for result in results if "fallback" in result] == []


def test_unknown_columns_are_ignored_and_named(device: LinePredictor) -> None:
    (extra, plain) = predicted(device, ROWS[0] | {"zz": 1, "aa": {"deep": [None]}}, ROWS[0])
    assert extra == plain | {"ignored_columns": ["aa", "zz"]}


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_row_among_good_ones_gets_the_fallback_with_its_violations(
    device: LinePredictor, column: str, value: Any
) -> None:
    first, bad, last = predicted(device, ROWS[0], ROWS[0] | {column: value}, ROWS[1])
    allowed = SCHEMA.column(column).allowed()
    violation = {"row": 1, "column": column, "found": value, "allowed": allowed}
    assert bad == fallback(device, violation)
    assert [first, last] == predicted(device, ROWS[0], ROWS[1])


@pytest.mark.parametrize(
    "line",
    [
        *(b"{rows", b"\xff\xfe\x00", b"a=1&b=2", b"[" * 10_000, b"\xef\xbb\xbf{}"),
        *(b"9" * 6000, b'{"a": "\\ud800"}'),
    ],
)
def test_a_line_that_is_not_json_gets_the_fallback(device: LinePredictor, line: bytes) -> None:
    (answer,) = [json.loads(found) for found in device.predict([line], 3, expired=False)]
    (violation,) = answer["faults"]
    assert (violation["row"], violation["column"], violation["allowed"]) == (3, "", ROW)
    assert len(violation["found"]) <= 201
    assert answer == fallback(device, violation)


@pytest.mark.parametrize("row", [1, "x", None, []])
def test_a_line_that_is_not_an_object_gets_the_fallback(device: LinePredictor, row: Any) -> None:
    (answer,) = predicted(device, row)
    assert answer["faults"][0]["allowed"] == ROW


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-1e400", "9" * 400])
def test_a_number_must_be_finite(device: LinePredictor, text: str) -> None:
    number = next(c.name for c in SCHEMA.columns if c.kind == "number")
    line = json.dumps(ROWS[0] | {number: 123454321}).replace("123454321", text)
    (answer,) = [json.loads(found) for found in device.predict([line.encode()], 0, expired=False)]
    assert [v["column"] for v in answer["faults"]] == [number]


@pytest.mark.parametrize("colon", [":", ": ", " :", "\t\r:"])
def test_a_column_that_is_named_twice_gets_the_fallback_with_both_values(
    device: LinePredictor, colon: str
) -> None:
    name = REQUIRED[0]
    line = json.dumps(ROWS[0])[:-1] + f', "{name}"{colon}{json.dumps(ROWS[1][name])}' + "}"
    (answer,) = [json.loads(found) for found in device.predict([line.encode()], 2, expired=False)]
    found = shorten({DUPLICATED: [ROWS[0][name], ROWS[1][name]]})
    allowed = SCHEMA.column(name).allowed()
    violation = {"row": 2, "column": name, "found": found, "allowed": allowed}
    assert answer == fallback(device, violation)


def test_an_unknown_column_may_be_named_twice_for_its_value_does_not_count(
    device: LinePredictor,
) -> None:
    line = json.dumps(ROWS[0])[:-1] + ', "more": 1, "more": {"a": 1, "a": 2}}'
    (answer,) = [json.loads(found) for found in device.predict([line.encode()], 0, expired=False)]
    assert answer == predicted(device, ROWS[0])[0] | {"ignored_columns": ["more"]}


def test_the_number_of_a_row_is_its_place_in_the_whole_input(device: LinePredictor) -> None:
    found = device.predict([b"{}"], 40, expired=False)
    assert {v["row"] for v in json.loads(found[0])["faults"]} == {40}


def test_with_warn_an_expired_model_predicts_with_a_flag(
    device: LinePredictor, settings: BundleSettings
) -> None:
    device.settings = replace(settings, after_expiry="warn")
    in_time, late = predicted(device, ROWS[0]), predicted(device, ROWS[0], expired=True)
    assert late == [in_time[0] | {"expired": True}]


def test_with_fallback_an_expired_model_does_not_predict(
    device: LinePredictor, settings: BundleSettings
) -> None:
    device.settings = replace(settings, after_expiry="fallback")
    assert predicted(device, ROWS[0], expired=True) == [fallback(device) | {"expired": True}]
    assert "fallback" not in predicted(device, ROWS[0])[0]
