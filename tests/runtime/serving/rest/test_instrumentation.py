"""Instrumentation of requests: request id, log line, metrics."""

import errno
import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.schema.columns import Category, Number
from modelyard.serving.predictor import Predictor
from modelyard.serving.rest.limits import Limits

from tests.runtime.rest_client import application, body, changed, running

from examples import ROWS

NUMBER = next(column.name for column in SCHEMA.columns if isinstance(column, Number))
OPEN = [c.name for c in SCHEMA.columns if isinstance(c, Category) and c.others]


@pytest.fixture
def client() -> Iterator[TestClient]:
    with running() as client:
        yield client


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metrics(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def test_a_request_is_logged_as_one_line(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    answer = client.post("/predict", json=body(), headers={"X-Request-ID": "order-7"})
    (line,) = lines(capsys)
    assert answer.headers["x-request-id"] == "order-7"
    assert line.pop("time").endswith("Z")
    assert line.pop("ms") > 0
    assert line == {
        "request_id": "order-7",
        "method": "POST",
        "path": "/predict",
        "status": 200,
        "rows": len(ROWS),
    }


def test_a_path_with_quotes_and_accents_is_logged_as_json(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    client.get("/%C3%A9%22%0A")
    assert [(line["path"], line["status"]) for line in lines(capsys)] == [('/é"\n', 404)]


@pytest.mark.parametrize("strange", ["", "a b", "x" * 65, "a\tb", "<script>"])
def test_an_invalid_request_id_is_replaced(client: TestClient, strange: str) -> None:
    given = client.get("/health", headers={"X-Request-ID": strange}).headers["x-request-id"]
    assert given != strange
    assert given


def test_each_request_gets_an_id_of_its_own(client: TestClient) -> None:
    assert len({client.get("/health").headers["x-request-id"] for _ in range(5)}) == 5


def test_refused_requests_have_an_id_and_a_line_too(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    answer = client.post("/predict", content=b"{")
    (line,) = lines(capsys)
    assert (line["status"], line["request_id"]) == (400, answer.headers["x-request-id"])


def test_a_stopping_server_closes_each_connection_with_its_response() -> None:
    app = application()
    with running(app=app) as client:
        assert "connection" not in client.post("/predict", json=body()).headers
        app.state.service.stopping = True
        assert client.post("/predict", json=body()).headers["connection"] == "close"


def test_a_log_that_cannot_be_written_does_not_stop_requests(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=SimpleNamespace(write=full)))
    assert client.post("/predict", json=body()).status_code == 200


def test_an_unexpected_error_is_a_500_in_json_with_a_traceback_for_the_operator(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Predictor, "predict", broken)
    answer = client.post("/predict", json=body(), headers={"X-Request-ID": "seven"})
    assert answer.status_code == 500
    assert answer.json() == {"error": "internal server error; request seven"}
    assert "RuntimeError: a bug" in capsys.readouterr().err


def test_requests_are_counted_by_path_and_status_and_timed(client: TestClient) -> None:
    client.post("/predict", json=body())
    client.post("/predict", json={})
    client.get("/no/such/path")
    samples = metrics(client)
    assert samples['http_requests_total{method="POST",path="/predict",status="200"}'] == 1
    assert samples['http_requests_total{method="POST",path="/predict",status="422"}'] == 1
    assert samples['http_requests_total{method="GET",path="other",status="404"}'] == 1
    assert samples['http_request_seconds_count{path="/predict"}'] == 2
    assert samples['http_request_seconds_bucket{le="10.0",path="/predict"}'] == 2


def test_rows_and_violations_are_counted(client: TestClient) -> None:
    client.post("/predict", json=body())
    client.post("/predict", json=body(changed(NUMBER, "x"), changed(NUMBER, "y"), ROWS[0]))
    samples = metrics(client)
    assert samples["predicted_rows_total"] == len(ROWS)
    assert samples['rejected_values_total{column="' + NUMBER + '"}'] == 2


def test_unknown_columns_and_categories_are_counted(client: TestClient) -> None:
    client.post("/predict", json=body(ROWS[0] | {"zz_extra": 1}))
    client.post("/predict", json=body(*[changed(name, "never seen") for name in OPEN], ROWS[0]))
    samples = metrics(client)
    assert samples["ignored_columns_total"] == 1
    unknown = [samples['unknown_categories_total{column="' + name + '"}'] for name in OPEN]
    assert unknown == [1] * len(OPEN)


def test_the_metrics_show_the_models_version_and_age(predictor: Predictor) -> None:
    today = predictor.trained_as_of + timedelta(days=3)
    with running(Limits(as_of=today)) as client:
        samples = metrics(client)
    assert samples['model_info{version="' + predictor.version + '"}'] == 1
    assert samples["model_age_seconds"] == 3 * 86_400
