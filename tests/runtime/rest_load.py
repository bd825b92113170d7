"""Run the REST service in a separate process with many concurrent clients."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any, NamedTuple

from tests.runtime import example
from tests.runtime.rest_client import body

COMMAND = [sys.executable, "-m", "modelyard.serving.rest", "--port", "0"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
CONTENT = json.dumps(body()).encode()


class RunningService(NamedTuple):
    """A running service: process, port, and the lines it wrote to standard error."""

    process: subprocess.Popen[str]
    port: int
    errors: list[str]


class Response(NamedTuple):
    """A response: status, headers as one lower-case text, JSON."""

    status: int
    head: str
    json: Any


@contextmanager
def running_service(command: Sequence[str] = COMMAND, **settings: str) -> Iterator[RunningService]:
    """Serve on a free port with some environment variables; yield the service when it is ready."""
    process = subprocess.Popen(
        command,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=example.place(),
        env=example.environment(**settings),
    )
    assert process.stderr is not None
    errors: list[str] = []
    try:
        port = read_port(process.stderr)
        follow = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
        follow.start()
        wait_until_ready(port)
        yield RunningService(process, port, errors)
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()


def read_port(lines: Iterable[str]) -> int:
    """Read the output of a server until it prints its port."""
    read = []
    for line in lines:
        if found := ADDRESS.search(line):
            return int(found[1])
        read.append(line)
    raise AssertionError("".join(read))


def wait_until_ready(port: int, seconds: float = 60) -> None:
    """Wait until a server is ready, which prints its port before its workers listen."""
    end, status = time.monotonic() + seconds, 0
    while status != 200:
        assert time.monotonic() < end
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/ready")
            status = connection.getresponse().status
        time.sleep(0 if status == 200 else 0.05)


def served(place: RunningService, path: str) -> bytes:
    """Return what a path of the service answers."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().read()


def ask(connection: HTTPConnection, content: bytes = CONTENT, path: str = "/predict") -> Response:
    """Send a body and give the answer."""
    connection.request("POST", path, content, {"content-type": "application/json"})
    answer = connection.getresponse()
    shown = json.loads(answer.read())
    head = "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).lower()
    return Response(answer.status, head, shown)


def load(
    place: RunningService, connections: int, each: int, meanwhile: Callable[[], None] | None = None
) -> list[Response]:
    """Send the examples over some connections at the same time, `each` times over each.

    Args:
        place: a running service.
        connections: how many clients.
        each: how often a client asks; without an answer it fails.
        meanwhile: is called while they ask.
    """

    def client(_: int) -> list[Response]:
        connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
        return [ask(connection) for _ in range(each)]

    with ThreadPoolExecutor(connections) as pool:
        asked = [pool.submit(client, number) for number in range(connections)]
        if meanwhile:
            meanwhile()
        return [answer for one in asked for answer in one.result()]
