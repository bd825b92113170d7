"""A REST service in a process of its own, and many clients that ask it at the same time."""

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


class Place(NamedTuple):
    """A running service: its process, its port, and the lines that it wrote to standard error."""

    process: subprocess.Popen[str]
    port: int
    errors: list[str]


class Answer(NamedTuple):
    """An answer: its status, its headers as one lower-case text, its JSON."""

    status: int
    head: str
    shown: Any


@contextmanager
def serving_apart(command: Sequence[str] = COMMAND, **settings: str) -> Iterator[Place]:
    """Serve on a free port with some variables set, and give the place once it is ready."""
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
        port = announced(process.stderr)
        follow = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
        follow.start()
        until_ready(port)
        yield Place(process, port, errors)
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()


def announced(lines: Iterable[str]) -> int:
    """Read what a server says until it names its port."""
    said = []
    for line in lines:
        if found := ADDRESS.search(line):
            return int(found[1])
        said.append(line)
    raise AssertionError("".join(said))


def until_ready(port: int, seconds: float = 60) -> None:
    """Wait for a server that names its port before its workers listen."""
    end, status = time.monotonic() + seconds, 0
    while status != 200:
        assert time.monotonic() < end
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/ready")
            status = connection.getresponse().status
        time.sleep(0 if status == 200 else 0.05)


def served(place: Place, path: str) -> bytes:
    """Give what a path of the service answers."""
    connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().read()


def ask(connection: HTTPConnection, content: bytes = CONTENT, path: str = "/predict") -> Answer:
    """Send a body and give the answer."""
    connection.request("POST", path, content, {"content-type": "application/json"})
    answer = connection.getresponse()
    shown = json.loads(answer.read())
    head = "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).lower()
    return Answer(answer.status, head, shown)


def load(
    place: Place, connections: int, each: int, meanwhile: Callable[[], None] | None = None
) -> list[Answer]:
    """Send the examples over some connections at the same time, `each` times over each.

    Args:
        place: a running service.
        connections: how many clients.
        each: how often a client asks; without an answer it fails.
        meanwhile: is called while they ask.
    """

    def client(_: int) -> list[Answer]:
        connection = HTTPConnection("127.0.0.1", place.port, timeout=30)
        return [ask(connection) for _ in range(each)]

    with ThreadPoolExecutor(connections) as pool:
        asked = [pool.submit(client, number) for number in range(connections)]
        if meanwhile:
            meanwhile()
        return [answer for one in asked for answer in one.result()]
