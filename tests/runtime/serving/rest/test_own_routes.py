"""A project's own routes and middleware are served, whichever way the service is started."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import example
from tests.runtime.rest_load import COMMAND, CONTENT, RunningService, running_service

OWN = """
from fastapi import Depends, Request


def caller(request: Request) -> str:
    return request.headers.get("x-caller", "nobody")


@app.get("/hello")
def hello(name: str = Depends(caller)) -> str:
    return f"hello {name}"


@app.middleware("http")
async def marked(request, call_next):
    answer = await call_next(request)
    answer.headers["x-own"] = request.url.path
    return answer
"""
UVICORN = [sys.executable, "-m", "uvicorn", "flight_delays.serving.rest:app", "--port", "0"]
STARTS = {
    "command": ([sys.executable, "-m", "modelyard", "serve", "--port", "0"], "1"),
    "command, workers": ([sys.executable, "-m", "modelyard", "serve", "--port", "0"], "2"),
    "image": (COMMAND, "1"),
    "image, workers": (COMMAND, "2"),
    "uvicorn": (UVICORN, "1"),
    "uvicorn, workers": ([*UVICORN, "--workers", "2"], "1"),
}


def sources(folder: Path, text: str) -> str:
    """Copy the example's package with an application of its own; give where Python finds both."""
    shutil.copytree(example.sources(), folder, dirs_exist_ok=True)
    with (folder / example.PACKAGE / "serving/rest.py").open("a", encoding="utf-8") as file:
        file.write(text)
    return os.pathsep.join([str(folder), str(example.TEMPLATE / "src")])


@pytest.fixture(scope="module", params=STARTS)
def place(
    request: pytest.FixtureRequest, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """A service of an application to which something was added."""
    if os.name == "nt" and "workers" in request.param:
        pytest.skip("Windows has one worker only")
    command, workers = STARTS[request.param]
    path = sources(tmp_path_factory.mktemp("own"), OWN)
    with running_service(command, PYTHONPATH=path, REST_WORKERS=workers) as place:
        yield place


def asked(
    place: RunningService, method: str, path: str, content: bytes = b"", caller: str = ""
) -> Any:
    """Send a request over a connection of its own; give the answer and its JSON."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.request(method, path, content, {"x-caller": caller})
    answer: HTTPResponse = connection.getresponse()
    return answer, json.loads(answer.read())


def test_a_route_with_a_dependency_answers_from_every_worker(place: RunningService) -> None:
    answers = [asked(place, "GET", "/hello", caller="Ada") for _ in range(12)]
    assert [shown for _, shown in answers] == ["hello Ada"] * 12
    assert {answer.getheader("x-own") for answer, _ in answers} == {"/hello"}


def test_a_projects_route_is_in_the_openapi_document(place: RunningService) -> None:
    paths = asked(place, "GET", "/openapi.json")[1]["paths"]
    assert {"/hello", "/predict", "/feedback", "/health", "/schema"} <= set(paths)


def test_a_middleware_processes_predictions_and_errors(place: RunningService) -> None:
    answer, shown = asked(place, "POST", "/predict", CONTENT)
    assert (answer.status, answer.getheader("x-own")) == (200, "/predict")
    assert len(shown["predictions"]) == 3
    answer, _ = asked(place, "POST", "/predict", b"{")
    assert (answer.status, answer.getheader("x-own")) == (400, "/predict")


def test_a_delayed_body_passes_through_middleware(place: RunningService) -> None:
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.putrequest("POST", "/predict")
    connection.putheader("content-length", str(len(CONTENT)))
    connection.endheaders()
    asked(place, "GET", "/hello")
    connection.send(CONTENT)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("x-own")) == (200, "/predict")
