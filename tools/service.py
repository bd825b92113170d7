"""Start a project's REST service, ask it, stop it."""

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
    """Return a loopback TCP port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(
    command: list[str], folder: Path, log: Path, *, start_s: float = START_S
) -> Iterator[str]:
    """Run a service for the length of a `with` block and give its address.

    Args:
        command: what to run; `--host` and `--port` are added.
        folder: where it runs.
        log: what it prints goes here.
        start_s: how many seconds `GET /ready` may take to answer 200.

    Raises:
        StepFailed: it ended or was not ready in time.
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
    """Send a JSON body and return the status and the JSON answer, also for a refusal."""
    data, kind = json.dumps(body).encode(), {"content-type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, kind), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def _wait_until_ready(
    process: "subprocess.Popen[bytes]", url: str, log: Path, start_s: float
) -> None:
    give_up = time.monotonic() + start_s
    while not _answers(f"{url}/ready"):
        if process.poll() is not None:
            raise StepFailed(f"serve: ended with exit code {process.returncode}: {last_line(log)}")
        if time.monotonic() > give_up:
            raise StepFailed(f"serve: /ready gave no 200 within {start_s:g} s: {last_line(log)}")
        time.sleep(POLL_S)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the service and what it started, politely first."""
    if os.name != "posix":
        process.terminate()
        return
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, last_word)
            process.wait(STOP_S)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return
