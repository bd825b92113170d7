"""Routes that describe the service, and unknown routes."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.serving.predictor import Predictor

from tests.runtime.rest_client import application, body, running


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with running() as client:
        yield client


@pytest.fixture
def unloaded() -> TestClient:
    return TestClient(application())


def test_health_is_ok_before_the_model_is_loaded(unloaded: TestClient) -> None:
    assert unloaded.get("/health").status_code == 200


@pytest.mark.parametrize("path", ["/ready", "/version"])
def test_nothing_is_ready_before_the_model_is_loaded(unloaded: TestClient, path: str) -> None:
    answer = unloaded.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {"error": "the model is not loaded yet"}


def test_a_prediction_before_the_model_is_loaded_is_refused(unloaded: TestClient) -> None:
    assert unloaded.post("/predict", json=body()).status_code == 503


def test_ready_and_version_name_the_model(client: TestClient, predictor: Predictor) -> None:
    about = client.get("/version").json()
    assert client.get("/ready").json()["model_version"] == predictor.version
    assert about["model_version"] == predictor.version
    assert about["sha256"].startswith(predictor.version)
    assert about["trained_as_of"] == predictor.trained_as_of.isoformat()


def test_the_schema_is_shown(client: TestClient) -> None:
    assert client.get("/schema").json() == json.loads(json.dumps(SCHEMA.describe()))


def test_the_documentation_shows_rows_answers_and_errors(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    predict, models = document["paths"]["/predict"]["post"], document["components"]["schemas"]
    assert client.get("/docs").status_code == 200
    assert list(models["Row"]["properties"]) == SCHEMA.names
    assert set(predict["responses"]) == {"200", "400", "408", "413", "422", "503"}
    assert predict["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Body")


def test_an_unknown_path_gets_an_error_in_json(client: TestClient) -> None:
    answer = client.get("/predictions/")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "/predictions/ is not found, see /docs"},
    )


def test_a_wrong_method_gets_an_error_with_the_allowed_one(client: TestClient) -> None:
    answer = client.get("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "/predict does not support GET, allowed is POST"}
