"""The service as a process: start, shutdown, failures."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from modelyard import console
from modelyard.cli.pipeline import example as print_example
from modelyard.project import Project
from modelyard.serving.rest import __main__ as rest
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.server import listen, ready_message
from modelyard.serving.rest.service import Service, stop

from tests.runtime import example
from tests.runtime.rest_client import body

from examples import ROWS

COMMAND = [sys.executable, "-m", "modelyard.serving.rest"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
CONTENT = json.dumps(body()).encode()
HEAD = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(CONTENT)}\r\n\r\n".encode()


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve on a free port; give the process and the port once the model is loaded."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"],
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=example.place(),
        env=example.environment(REST_BODY_TIMEOUT_S="2"),
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = ADDRESS.search(line)
        assert found, line
        yield process, int(found[1])
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as (_, port):
        yield port


def error_of(monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """Run the command in this process, which must end with one line of error."""
    monkeypatch.setattr(sys, "argv", ["rest", *options])
    with redirect_stderr(StringIO()) as output, pytest.raises(SystemExit):
        console.run(rest.main)
    assert output.getvalue().count("\n") == 1
    return output.getvalue().strip()


def test_the_printed_example_is_predicted_as_it_is(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    print_example(3)
    printed = capsys.readouterr().out.encode()
    kind = {"content-type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", printed, kind)
    with urllib.request.urlopen(request) as answer:
        assert len(json.load(answer)["predictions"]) == 3


def test_small_responses_are_not_delayed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        start = time.perf_counter()
        for _ in range(20):
            client.sendall(HEAD + CONTENT)
            answer = b""
            while not answer.endswith(b"]}"):
                answer += client.recv(65_536)
        assert time.perf_counter() - start < 20 * 0.04


def test_a_body_that_does_not_arrive_gets_408_and_the_connection_is_closed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(HEAD + CONTENT[:10])
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 408")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_on_sigterm_a_request_in_progress_is_completed_and_the_exit_code_is_0() -> None:
    with serving() as (process, port), socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(HEAD + CONTENT[:10])
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        client.sendall(CONTENT[10:])
        with client.makefile("rb") as answer:
            status, _, shown = answer.read().partition(b"\r\n\r\n")
        assert status.startswith(b"HTTP/1.1 200")
        assert len(json.loads(shown)["predictions"]) == len(ROWS)
        assert process.wait(10) == 0


def test_a_stop_signal_is_stored_and_passed_to_the_server(project: Project) -> None:
    service, received = Service(project, Limits()), list[Any]()
    stop(service, lambda *signal: received.append(signal), 15, None)
    assert (service.stopping, received) == (True, [(15, None)])


def test_a_tampered_model_ends_the_process_with_one_line(tmp_path: Path) -> None:
    for name in ("model.onnx", "model.json"):
        shutil.copy(Path("models") / name, tmp_path)
    content = bytearray((tmp_path / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model.onnx").write_bytes(content)
    environment = os.environ | {"MODEL_DIR": str(tmp_path)}
    command = [*COMMAND, "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "model.onnx was altered" in done.stderr


@pytest.mark.parametrize("altered", [False, True])
def test_under_plain_uvicorn_a_model_that_cannot_be_served_ends_the_process(
    altered: bool, made: Path, tmp_path: Path
) -> None:
    if altered:
        for name in ("model.onnx", "model.json"):
            (tmp_path / name).write_bytes((made / "models" / name).read_bytes())
        (tmp_path / "model.onnx").write_bytes(b"altered")
    command = [sys.executable, "-m", "uvicorn", "flight_delays.serving.rest:app", "--port", "0"]
    surroundings = example.environment(MODEL_DIR=str(tmp_path))
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, timeout=60)
    assert done.returncode == 3
    assert ("model.onnx was altered" if altered else "model.json does not exist") in done.stderr


def test_a_missing_model_is_reported_in_one_line_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_DIR", str(tmp_path))
    error = error_of(monkeypatch, "--port", "0")
    assert error == f"error: {tmp_path / 'model.json'} does not exist; run: dvc repro"


def test_a_port_in_use_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        error = error_of(monkeypatch, "--port", number)
    assert error.startswith(f"error: cannot listen on 127.0.0.1 port {number}: ")


def test_a_port_out_of_range_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    error = error_of(monkeypatch, "--port", "70000")
    assert error == "error: --port is 70000, allowed is 0 (any free port) to 65535"


def test_an_invalid_setting_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REST_MAX_ROWS", "many")
    assert "REST_MAX_ROWS is 'many'" in error_of(monkeypatch)


@pytest.mark.parametrize(
    ("host", "token", "warns"),
    [("0.0.0.0", "", True), ("::", "", True), ("0.0.0.0", "a", False), ("127.0.0.1", "", False)],
)
def test_an_address_that_others_reach_without_a_token_is_warned_of(
    host: str, token: str, warns: bool
) -> None:
    with listen(host, 0) as listener:
        shown = ready_message(listener, Limits(rest_token=token)).splitlines()
    assert shown[0].startswith("serving ")
    assert (
        shown[1:] == [f"warning: {host} without REST_TOKEN: any machine can send requests"] * warns
    )
