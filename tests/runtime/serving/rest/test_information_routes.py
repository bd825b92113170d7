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
    assert about["sha256"] == predictor.manifest["sha256"]
    assert about["trained_as_of"] == predictor.trained_as_of.isoformat()


def test_the_schema_is_shown(client: TestClient) -> None:
    assert client.get("/schema").json() == json.loads(json.dumps(SCHEMA.describe()))


def test_the_documentation_shows_rows_answers_and_errors(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    predict, models = document["paths"]["/predict"]["post"], document["components"]["schemas"]
    assert client.get("/docs").status_code == 200
    assert list(models["Row"]["properties"]) == SCHEMA.names
    assert set(predict["responses"]) == {"200", "400", "408", "413", "415", "422", "503"}
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


@pytest.mark.parametrize(
    "path",
    ["/health", "/ready", "/metrics", "/docs", "/version", "/schema", "/openapi.json", "/own/a"],
)
def test_head_is_answered_like_get_without_a_body(path: str) -> None:
    app = application()
    app.get("/own/{name}")(lambda name: {"name": name})
    with running(app=app) as client:
        got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"") == (200, b"")
    varying = {"x-request-id", *(["content-length"] if path == "/metrics" else [])}
    assert head.headers.keys() == got.headers.keys()
    assert all(got.headers[name] == head.headers[name] for name in got.headers.keys() - varying)


def test_an_own_head_route_is_called() -> None:
    app = application()
    app.get("/own")(lambda: {})
    app.head("/own", status_code=204)(lambda: None)
    with running(app=app) as client:
        assert (client.head("/own").status_code, client.get("/own").status_code) == (204, 200)


def test_head_is_not_allowed_where_get_is_not(client: TestClient) -> None:
    answer = client.head("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert client.post("/health").headers["allow"] == "GET, HEAD"


def test_the_version_shows_the_threshold_of_two_classes(
    client: TestClient, predictor: Predictor
) -> None:
    about = client.get("/version").json()
    binary = SCHEMA.target.task == "binary"
    assert about.get("threshold") == (predictor.manifest["threshold"] if binary else None)
