"""Requests of one row that a project's REST service answers, beside other ways to serve the model.

Run `make demo` first, then: .venv/bin/python -m benchmarks.rest (benchmarks/README.md says more).
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).absolute().parent
FLOORS = {"bare": 0.8, "mlflow": 8.0}


@dataclass(frozen=True)
class Server:
    """A way to serve: its command without the port, where it tells that it is ready, its input."""

    name: str
    command: list[str]
    ready: str
    path: str
    body: bytes

    def request(self) -> bytes:
        """Make the whole HTTP request."""
        head = f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("build/demo"), help="a trained one")
    parser.add_argument("--package", default="flight_delays", help="its package's name")
    parser.add_argument("--mlflow", metavar="PYTHON", help="one that has mlflow and skops")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each server in each round")
    return parser.parse_args()


def python_of(project: Path) -> str:
    """Find the project's own Python."""
    places = [project / ".venv" / place for place in ("bin/python", "Scripts/python.exe")]
    found = [str(place.absolute()) for place in places if place.exists()]
    if not found or not (project / "models/model.onnx").exists():
        sys.exit(f"{project} is no trained project; run: make demo")
    return found[0]


def servers(options: argparse.Namespace, project: Path) -> list[Server]:
    """List what is compared; the project's own service is the first."""
    python = python_of(project)
    own = [python, "-m", f"{options.package}.serving.rest"]
    told = subprocess.run([*own, "--example", "1"], cwd=project, capture_output=True, check=True)
    least = [python, str(HERE / "rest_bare.py"), "models/model.onnx"]
    listed = [
        Server("service", [*own, "--port"], "/ready", "/predict", told.stdout),
        Server("bare", least, "/openapi.json", "/predict", told.stdout),
    ]
    if options.mlflow:
        command = [options.mlflow, str(HERE / "rest_mlflow.py"), "models/candidate.skops"]
        width = len(json.loads((project / "models/model.json").read_text("utf-8"))["features"])
        body = json.dumps({"inputs": [[0.0] * width]}).encode()
        listed.append(Server("mlflow", command, "/ping", "/invocations", body))
    return listed


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(server: Server, project: Path) -> Iterator[int]:
    """Run a server until it is no longer needed; give its port once it is ready."""
    port, settings = free_port(), os.environ | {"OMP_NUM_THREADS": "1"}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [*server.command, str(port)]
    process = subprocess.Popen(command, cwd=project, env=settings, start_new_session=True, **quiet)
    try:
        wait_for(f"http://127.0.0.1:{port}{server.ready}")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def wait_for(url: str) -> None:
    """Wait until a server answers, three minutes at most."""
    for _ in range(1800):
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not answer")


def ask(port: int, request: Path, connections: int, seconds: float) -> float:
    """Load a server for a while; give the requests that it answered per second.

    Raises:
        SystemExit: an answer was not 200, so that the run says nothing.
    """
    command = [sys.executable, str(HERE / "rest_load.py"), "127.0.0.1", str(port), str(request)]
    command += [str(connections), str(seconds)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    if told["failed"] or not told["answered"]:
        sys.exit(f"INVALID: {request.name}: {told['failed']} of {told['answered']} answers failed")
    return float(told["answered"] / told["seconds"])


def compare(asked: dict[str, tuple[int, Path]], options: argparse.Namespace) -> bool:
    """Ask all servers in turns and print the ratios.

    Returns:
        Whether the ratios with the most connections reach their floors.
    """
    reached, most = True, max(options.connections)
    for connections in options.connections:
        for port, request in asked.values():
            ask(port, request, connections, 0.5)
        rounds = [
            {name: ask(*place, connections, options.seconds) for name, place in asked.items()}
            for _ in range(options.rounds)
        ]
        print(f"{connections} connection(s): service {median(r['service'] for r in rounds):,.0f}/s")
        for name in [name for name in asked if name != "service"]:
            ratios = sorted(one["service"] / one[name] for one in rounds)
            reached = reached and (connections < most or median(ratios) >= FLOORS[name])
            rate, low, high = median(one[name] for one in rounds), ratios[0], ratios[-1]
            print(f"  {name} {rate:,.0f}/s: {median(ratios):.2f} times ({low:.2f} to {high:.2f})")
    return reached


def main() -> None:
    """Measure; exit 1 if a median ratio is below its floor."""
    options = arguments()
    project, asked = options.project.absolute(), {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for server in servers(options, project):
            (folder / server.name).write_bytes(server.request())
            asked[server.name] = stack.enter_context(serving(server, project)), folder / server.name
        if not compare(asked, options):
            sys.exit(f"a ratio is below its floor: {FLOORS}")


if __name__ == "__main__":
    main()
