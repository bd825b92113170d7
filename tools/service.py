"""Start a project's REST service, send requests, stop it."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.steps import StepFailed, environment, last_line

START_S = 60
STOP_S = 15
POLL_S = 0.1


def free_port() -> int:
    """Return a free TCP port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_service(
    command: list[str], folder: Path, log: Path, *, start_s: float = START_S
) -> Iterator[str]:
    """Run a service for the duration of a `with` block and yield its URL.

    Args:
        command: the command to run; `--host` and `--port` are added.
        folder: the working directory.
        log: the file for the service's output.
        start_s: the number of seconds until `GET /ready` must answer 200.

    Raises:
        StepFailed: the service ended or was not ready in time.
    """
    port = free_port()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, url, log, start_s)
            yield url
        finally:
            _stop(process)


def post(url: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Send a JSON body and return the status and the JSON response, also for an error status."""
    data, kind = json.dumps(body).encode(), {"content-type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, kind), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _wait_until_ready(
    process: "subprocess.Popen[bytes]", url: str, log: Path, start_s: float
) -> None:
    deadline = time.monotonic() + start_s
    while not _is_ready(f"{url}/ready"):
        if process.poll() is not None:
            raise StepFailed(f"serve: exited with code {process.returncode}: {last_line(log)}")
        if time.monotonic() > deadline:
            raise StepFailed(f"serve: not ready within {start_s:g} s: {last_line(log)}")
        time.sleep(POLL_S)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop the service and its children, by SIGTERM first."""
    if os.name != "posix":
        process.terminate()
        return
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(STOP_S)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return
