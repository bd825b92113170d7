"""Responses of `POST /predict`."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.schema.columns import Category, Number
from modelyard.serving.predictor import Predictor, to_rows

from tests.runtime.rest_client import body, changed, running

from examples import BAD_VALUES, ROWS

REQUIRED = [column.name for column in SCHEMA.columns if column.required]
OPTIONAL = [column.name for column in SCHEMA.columns if not column.required]
NUMBERS = [column.name for column in SCHEMA.columns if isinstance(column, Number)]
OPEN = [c.name for c in SCHEMA.columns if isinstance(c, Category) and c.others]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with running() as client:
        yield client


def predictions(client: TestClient, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/predict", json=body(*rows))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["predictions"])


def violations(client: TestClient, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/predict", json=body(*rows))
    assert answer.status_code == 422, answer.text
    return list(answer.json()["faults"])


def test_each_row_gets_a_prediction_in_order(client: TestClient) -> None:
    alone = [predictions(client, row)[0] for row in ROWS]
    assert predictions(client, *ROWS) == alone
    assert predictions(client, *reversed(ROWS)) == alone[::-1]


def test_rest_predicts_exactly_what_the_predictor_predicts(
    client: TestClient, predictor: Predictor, real_rows: list[dict[str, Any]]
) -> None:
    assert (
        predictions(client, *real_rows) == predictor.predict(to_rows(real_rows, SCHEMA)).records()
    )


def test_a_row_scores_the_same_alone_and_in_a_batch_and_with_its_columns_in_any_order(
    client: TestClient, real_rows: list[dict[str, Any]]
) -> None:
    together = predictions(client, *real_rows)
    for place in (0, len(real_rows) // 2, len(real_rows) - 1):
        names = random.Random(7).sample(list(real_rows[place]), len(real_rows[place]))
        alone = {name: real_rows[place][name] for name in names}
        assert predictions(client, alone) == [together[place]]


def test_the_response_has_the_models_version(client: TestClient, predictor: Predictor) -> None:
    answer = client.post("/predict", json=body()).json()
    assert answer["model_version"] == predictor.version
    assert "ignored_columns" not in answer


def test_a_prediction_is_a_class_of_the_schema_or_a_number(client: TestClient) -> None:
    for shown in predictions(client):
        classes = SCHEMA.target.values
        assert shown["prediction"] in classes if classes else isinstance(shown["prediction"], float)


def test_unknown_columns_are_ignored_and_named(client: TestClient) -> None:
    row = ROWS[0] | {"zz_extra": 1, "aa_extra": {"deep": [None]}}
    answer = client.post("/predict", json=body(row, ROWS[1])).json()
    assert answer["ignored_columns"] == ["aa_extra", "zz_extra"]
    assert answer["predictions"] == predictions(client, ROWS[0], ROWS[1])


def test_an_optional_column_may_be_null_or_absent_which_is_the_same(client: TestClient) -> None:
    null = ROWS[0] | dict.fromkeys(OPTIONAL)
    absent = {name: ROWS[0][name] for name in REQUIRED}
    assert predictions(client, null) == predictions(client, absent)


def test_an_unknown_category_is_predicted_where_the_schema_allows_others(
    client: TestClient,
) -> None:
    rows = [changed(name, "never seen before") for name in OPEN]
    assert len(predictions(client, ROWS[0], *rows)) == 1 + len(OPEN)


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_an_invalid_value_is_refused_with_row_column_value_and_rule(
    client: TestClient, column: str, value: Any
) -> None:
    found = violations(client, ROWS[0], changed(column, value))
    allowed = SCHEMA.column(column).allowed()
    assert found == [{"row": 1, "column": column, "found": value, "allowed": allowed}]


@pytest.mark.parametrize("column", REQUIRED)
def test_a_missing_required_column_is_refused(client: TestClient, column: str) -> None:
    row = {name: value for name, value in ROWS[0].items() if name != column}
    (violation,) = violations(client, row)
    assert (violation["row"], violation["column"], violation["found"]) == (0, column, None)


def test_every_violation_of_every_row_is_listed(client: TestClient) -> None:
    bad = [changed(column, value) for column, value in BAD_VALUES]
    listed = [(v["row"], v["column"]) for v in violations(client, *bad)]
    assert listed == [(row, column) for row, (column, _) in enumerate(BAD_VALUES)]


def test_of_very_many_violations_the_first_hundred_are_listed_and_the_others_counted(
    client: TestClient,
) -> None:
    answer = client.post("/predict", json={"rows": [{}] * 300}).json()
    assert len(answer["faults"]) == 100
    assert answer["more_faults"] == 300 * len(REQUIRED) - 100


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("column", NUMBERS)
def test_a_number_must_be_finite(client: TestClient, column: str, value: str) -> None:
    content = json.dumps(body(changed(column, 123454321))).replace("123454321", value)
    answer = client.post("/predict", content=content)
    assert answer.status_code == 422
    assert [v["column"] for v in answer.json()["faults"]] == [column]


def test_a_long_value_is_shortened(client: TestClient) -> None:
    (violation,) = violations(client, changed(NUMBERS[0], "x" * 5000))
    assert violation["found"] == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("content", "status", "named"),
    [
        ('{"rows": []}', 422, "at least one row"),
        ("{}", 422, "rows is missing"),
        ('{"rows": "x"}', 422, "rows is x"),
        ("[1]", 422, "the body is [1]"),
        ("null", 422, "the body is None"),
        ('{"rows": [{}], "more": 1}', 422, "more is unknown"),
        ("", 400, "not valid JSON"),
        ("{rows", 400, "not valid JSON"),
        ('{"rows": [{"a": "\ud800"}]}', 400, "not valid JSON"),
        ("[" * 10_000, 400, "not valid JSON"),
        ("a=1&b=2", 400, "not valid JSON"),
    ],
)
def test_a_body_of_another_shape_is_refused_with_the_reason(
    client: TestClient, content: str, status: int, named: str
) -> None:
    answer = client.post("/predict", content=content.encode("utf-8", "surrogatepass"))
    assert answer.status_code == status
    assert named in answer.json()["error"]


@pytest.mark.parametrize("row", [1, "x", None, []])
def test_a_row_that_is_not_an_object_is_refused(client: TestClient, row: Any) -> None:
    (violation,) = violations(client, ROWS[0], row)
    assert (violation["row"], violation["column"]) == (1, "")
    assert "an object" in violation["allowed"]


def test_bytes_that_are_not_utf_8_are_refused(client: TestClient) -> None:
    answer = client.post("/predict", content=b"\xff\xfe\x00")
    assert answer.status_code == 400


def test_an_integer_of_thousands_of_digits_is_refused(
    client: TestClient,
) -> None:
    content = json.dumps(body(changed(NUMBERS[0], 123454321))).replace("123454321", "9" * 6000)
    assert client.post("/predict", content=content).status_code in (400, 422)
