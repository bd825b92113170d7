"""What a project adds to its application is served, however that is started."""

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
from tests.runtime.rest_load import COMMAND, CONTENT, Place, serving_apart

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
) -> Iterator[Place]:
    """A service of an application to which something was added."""
    if os.name == "nt" and "workers" in request.param:
        pytest.skip("Windows has one worker only")
    command, workers = STARTS[request.param]
    path = sources(tmp_path_factory.mktemp("own"), OWN)
    with serving_apart(command, PYTHONPATH=path, REST_WORKERS=workers) as place:
        yield place


def asked(place: Place, method: str, path: str, content: bytes = b"", caller: str = "") -> Any:
    """Send a request over a connection of its own; give the answer and its JSON."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.request(method, path, content, {"x-caller": caller})
    answer: HTTPResponse = connection.getresponse()
    return answer, json.loads(answer.read())


def test_a_route_with_a_dependency_answers_from_every_worker(place: Place) -> None:
    answers = [asked(place, "GET", "/hello", caller="Ada") for _ in range(12)]
    assert [shown for _, shown in answers] == ["hello Ada"] * 12
    assert {answer.getheader("x-own") for answer, _ in answers} == {"/hello"}


def test_a_route_stands_in_the_openapi_document_beside_ours(place: Place) -> None:
    paths = asked(place, "GET", "/openapi.json")[1]["paths"]
    assert {"/hello", "/predict", "/feedback", "/health", "/schema"} <= set(paths)


def test_a_middleware_sees_a_prediction_and_its_refusal(place: Place) -> None:
    answer, shown = asked(place, "POST", "/predict", CONTENT)
    assert (answer.status, answer.getheader("x-own")) == (200, "/predict")
    assert len(shown["predictions"]) == 3
    answer, _ = asked(place, "POST", "/predict", b"{")
    assert (answer.status, answer.getheader("x-own")) == (400, "/predict")


def test_a_body_that_comes_late_passes_a_middleware(place: Place) -> None:
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.putrequest("POST", "/predict")
    connection.putheader("content-length", str(len(CONTENT)))
    connection.endheaders()
    asked(place, "GET", "/hello")
    connection.send(CONTENT)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("x-own")) == (200, "/predict")
