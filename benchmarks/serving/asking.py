"""Servers that have shown that they predict as ours does, and loads put on them."""

import json
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.serving import agreement
from benchmarks.serving.environments import HERE
from benchmarks.serving.servers import Server, serving
from benchmarks.serving.sides import Side, write_body
from benchmarks.serving.trained import Trained


@dataclass(frozen=True)
class Asked:
    """A server, and the folder with the request and the content of its right answer."""

    server: Server
    folder: Path

    @property
    def name(self) -> str:
        """The side's name."""
        return self.server.side.name

    def load(self, connections: int, seconds: float, rate: float | None = None) -> dict[str, Any]:
        """Load the server for a while.

        Args:
            connections: how many, or how many at most if there is a rate.
            seconds: how long.
            rate: requests a second that are due; None: a connection sends when it was answered.

        Raises:
            SystemExit: an answer was wrong; with a rate, 503 is not.
        """
        words = [self.server.port, self.folder, connections, seconds]
        words += [] if rate is None else [rate]
        command = [sys.executable, str(HERE / "load.py"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"INVALID: {self.name}: {done.stderr.decode()[-2000:]}")
        told: dict[str, Any] = json.loads(done.stdout)
        agreement.require_right(self.name, told, may_refuse=rate is not None)
        return told | {"per_s": told["answered"] / told["seconds"]}


def started(
    stack: ExitStack, sides: list[Side], project: Trained, folder: Path, rows: int
) -> list[Asked]:
    """Start servers and see that they agree."""
    example = project.example(rows)
    body = write_body(folder / "body.json", example)
    servers = [stack.enter_context(serving(side, project, body)) for side in sides]
    return agreed([prepared(one, example, folder / one.side.name) for one in servers])


def prepared(server: Server, rows: list[dict[str, Any]], folder: Path) -> Asked:
    """Ask a server once, and keep its answer as the right one.

    Raises:
        SystemExit: it is not 2xx.
    """
    request = server.side.request(rows)
    folder.mkdir()
    (folder / "request").write_bytes(request)
    url = f"http://127.0.0.1:{server.port}{server.side.path}"
    body, kind = request.partition(b"\r\n\r\n")[2], {"content-type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, kind), timeout=60) as answer:
            (folder / "content").write_bytes(answer.read())
    except OSError as failure:
        sys.exit(f"INVALID: {server.side.name}: {failure}")
    return Asked(server, folder)


def agreed(asked: list[Asked]) -> list[Asked]:
    """Give the same servers if all predict as the first one does.

    Raises:
        SystemExit: one does not.
    """
    first, *others = [agreement.scores((one.folder / "content").read_bytes()) for one in asked]
    for one, found in zip(asked[1:], others, strict=True):
        agreement.require_equal(one.name, found, first)
    return asked
