"""Start servers, check that their predictions agree, and put load on them."""

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
class CheckedServer:
    """A server, and the folder with the request and the expected response."""

    server: Server
    folder: Path

    @property
    def name(self) -> str:
        """The name of the side."""
        return self.server.side.name

    def load(self, connections: int, seconds: float, rate: float | None = None) -> dict[str, Any]:
        """Put load on the server.

        Args:
            connections: number of connections; with a rate, the maximum.
            seconds: duration of the load.
            rate: requests due per second; None: a connection sends after each response.

        Raises:
            SystemExit: a response was invalid; with a rate, 503 is allowed.
        """
        words = [self.server.port, self.folder, connections, seconds]
        words += [] if rate is None else [rate]
        command = [sys.executable, str(HERE / "load.py"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"INVALID: {self.name}: {done.stderr.decode()[-2000:]}")
        report: dict[str, Any] = json.loads(done.stdout)
        agreement.require_valid(self.name, report, may_refuse=rate is not None)
        return report | {"per_s": report["answered"] / report["seconds"]}


def start_servers(
    stack: ExitStack, sides: list[Side], project: Trained, folder: Path, rows: int
) -> list[CheckedServer]:
    """Start servers and check that they agree."""
    example = project.example(rows)
    body = write_body(folder / "body.json", example)
    servers = [stack.enter_context(serving(side, project, body)) for side in sides]
    checked = [check_server(one, example, folder / one.side.name) for one in servers]
    return require_agreement(checked)


def check_server(server: Server, rows: list[dict[str, Any]], folder: Path) -> CheckedServer:
    """Send one request to a server, and store its response as the expected one.

    Raises:
        SystemExit: the response is not 2xx.
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
    return CheckedServer(server, folder)


def require_agreement(servers: list[CheckedServer]) -> list[CheckedServer]:
    """Return the servers if all predict like the first one.

    Raises:
        SystemExit: the predictions of one differ.
    """
    first, *others = [agreement.scores((one.folder / "content").read_bytes()) for one in servers]
    for one, found in zip(servers[1:], others, strict=True):
        agreement.require_equal(one.name, found, first)
    return servers
