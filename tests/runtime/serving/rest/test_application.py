"""The application is FastAPI's: routes, dependencies, middleware and handlers work as usual."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from modelyard.console import UserError
from modelyard.serving.predictor import Predictor
from modelyard.serving.rest.app import create_app, load
from modelyard.serving.rest.limits import Limits
from pydantic import BaseModel

from tests.runtime import example
from tests.runtime.rest_client import application, body, running

IMPORTED = ["dvc", "mlflow", "pandas", "polars", "skl2onnx", "sklearn", "skops", "typer"]


class Row(BaseModel):
    """A model of the project with the same name as one of the service."""

    gate: int


@pytest.fixture
def app() -> FastAPI:
    """An application with routes of its own."""
    app = application()

    @app.post("/gates")
    async def gates(row: Row) -> int:
        return row.gate

    @app.get("/missing")
    async def missing() -> None:
        raise HTTPException(404, "no such gate")

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a bug")

    return app


def broken(*_: Any) -> None:
    raise RuntimeError("a bug")


def test_errors_of_a_projects_route_are_handled_by_fastapi(app: FastAPI) -> None:
    with running(app=app) as client:
        missing, teapot = client.get("/missing"), client.get("/teapot")
        refused = client.post("/gates", json={"gate": "x"})
    assert (missing.status_code, missing.json()) == (404, {"detail": "no such gate"})
    assert (teapot.status_code, teapot.json()) == (418, {"detail": "I'm a Teapot"})
    assert (refused.status_code, refused.json()["detail"][0]["loc"]) == (422, ["body", "gate"])


def test_a_dependency_is_called_and_can_be_overridden(app: FastAPI) -> None:
    def count() -> int:
        return 1

    @app.get("/count")
    async def counted(found: int = Depends(count)) -> int:
        return found

    app.dependency_overrides[count] = lambda: 2
    with running(app=app) as client:
        assert client.get("/count").json() == 2


def test_models_of_the_same_name_are_both_in_the_openapi_document(app: FastAPI) -> None:
    with running(app=app) as client:
        document = client.get("/openapi.json").json()
    own, ours = (body_of(document, path) for path in ("/gates", "/predict"))
    assert (set(own["properties"]), set(ours["properties"])) == ({"gate"}, {"rows"})
    row = resolved(document, ours["properties"]["rows"]["items"])
    assert list(row["properties"]) == app.state.service.schema.names


def body_of(document: Any, path: str) -> Any:
    """Return the schema of a path's body."""
    content = document["paths"][path]["post"]["requestBody"]["content"]
    return resolved(document, content["application/json"]["schema"])


def resolved(document: Any, schema: Any) -> Any:
    """Follow a reference."""
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("path", ["/broken", "/predict"])
def test_a_projects_exception_handler_handles_unexpected_errors(
    app: FastAPI, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sorry(request: Request, failure: Exception) -> Response:
        return PlainTextResponse(f"sorry: {failure}", 500)

    app.add_exception_handler(Exception, sorry)
    monkeypatch.setattr(Predictor, "predict", broken)
    with running(app=app) as client:
        answer = client.request("POST" if path == "/predict" else "GET", path, json=body())
    assert (answer.status_code, answer.text) == (500, "sorry: a bug")
    assert answer.headers["x-request-id"]


def test_an_error_in_middleware_is_counted_and_answered(app: FastAPI) -> None:
    @app.middleware("http")
    async def failing(request: Request, _: Any) -> Response:
        broken()
        return Response()

    with running(app=app) as client:
        answer = client.get("/health", headers={"x-request-id": "seven"})
    assert answer.json() == {"error": "internal server error; request seven"}
    text = app.state.service.metrics.text().decode()
    assert 'http_requests_total{method="GET",path="/health",status="500"} 1.0' in text


def test_a_middleware_may_read_the_body_of_a_prediction(app: FastAPI) -> None:
    seen: list[int] = []

    @app.middleware("http")
    async def reading(request: Request, call_next: Any) -> Any:
        seen.append(len((await request.json())["rows"]))
        return await call_next(request)

    with TestClient(app) as client:
        assert client.post("/predict", json=body()).status_code == 200
    assert seen == [3]


def test_a_projects_routes_require_the_token_too() -> None:
    app = application(Limits(rest_token="sesame"))

    @app.get("/hello")
    async def hello() -> str:
        return "hello"

    with running(app=app) as client:
        assert client.get("/hello").status_code == 401
        assert client.get("/hello", headers={"authorization": "Bearer sesame"}).json() == "hello"


def test_without_a_model_the_application_does_not_start(tmp_path: Path) -> None:
    app = application(Limits(model_dir=tmp_path))
    with (
        pytest.raises(UserError, match=r"model\.json does not exist; run: dvc repro"),
        TestClient(app),
    ):
        pass


def test_by_default_the_project_of_the_environment_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert create_app().state.service.project.package == example.PACKAGE
    monkeypatch.setenv("MODELYARD_PROJECT", "no_such_package")
    with pytest.raises(UserError, match="no module no_such_package"):
        create_app()


@pytest.mark.parametrize("other", [FastAPI(), application])
def test_an_application_of_another_origin_is_refused(
    other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = import_module(f"{example.PACKAGE}.serving.rest")
    monkeypatch.setattr(served, "app", other)
    with pytest.raises(UserError, match=r"serving/rest\.py: app was not created by create_app\(\)"):
        load(example.PACKAGE)


@pytest.mark.parametrize(
    "module",
    [
        "flight_delays.serving.rest",
        "modelyard.serving.rest.__main__",
        "modelyard.serving.rest.server",
    ],
)
def test_an_application_does_not_import_the_libraries_of_training(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {IMPORTED} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
