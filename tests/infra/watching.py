"""Prometheus and Alertmanager on loopback with the project's files, and a webhook for alerts."""

import json
import re
import shutil
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.checkout import TEMPLATE
from tools.service import free_port

WATCHING = TEMPLATE / "deployment" / "rest" / "prometheus"
TIMEOUT_S = 30
QUICKLY = [
    ("prometheus.yml", r"_interval: 15s", "_interval: 1s"),
    ("rules.yml", r" for: \d+m", " for: 0s"),
    ("alertmanager.yml", r"group_wait: 30s", "group_wait: 0s"),
    ("alertmanager.yml", r"group_interval: 5m", "group_interval: 1s"),
]


def rules() -> list[dict[str, Any]]:
    """Return the project's alerts."""
    groups = yaml.safe_load((WATCHING / "rules.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def changed(file: Path, old: str, new: str) -> None:
    """Replace what a pattern finds in a file, at least once."""
    text, times = re.subn(old, new, file.read_text("utf-8"))
    assert times, f"{file.name} does not contain {old}"
    file.write_text(text, "utf-8")


@contextmanager
def monitored(service: str, operators: str, folder: Path) -> Iterator[str]:
    """Monitor a service with the project's files, but short times; yield Prometheus' address.

    Args:
        service: host and port of the service.
        operators: the webhook's address.
        folder: a new folder for the files and the data of both.
    """
    shutil.copytree(WATCHING, folder)
    alerts = f"127.0.0.1:{free_port()}"
    placed = [
        ("prometheus.yml", r'\["rest:8000"', f'["{service}"'),
        ("prometheus.yml", r'\["alertmanager:9093"', f'["{alerts}"'),
        ("alertmanager.yml", "http://operators.invalid/alerts", operators),
    ]
    for name, old, new in [*QUICKLY, *placed]:
        changed(folder / name, old, new)
    own = f"127.0.0.1:{free_port()}"
    alertmanager = ["prometheus-alertmanager", "--cluster.listen-address=", "--storage.path=kept"]
    with (
        started([*alertmanager, "--config.file=alertmanager.yml"], alerts, folder),
        started(["prometheus", "--config.file=prometheus.yml"], own, folder),
    ):
        yield f"http://{own}"


@contextmanager
def started(command: list[str], address: str, folder: Path) -> Iterator[None]:
    """Run one of the two in its folder during a `with` block."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--web.listen-address={address}"], cwd=folder, stdout=log, stderr=log
        )
    try:
        until(lambda: responds(f"http://{address}/-/ready"))
        yield
    finally:
        process.terminate()
        process.wait(20)


def until(call: Callable[[], Any]) -> Any:
    """Repeat a call until its result is true, and return it."""
    end = time.monotonic() + TIMEOUT_S
    while not (found := call()):
        assert time.monotonic() < end, f"not within {TIMEOUT_S} s"
        time.sleep(0.2)
    return found


def responds(url: str) -> bool:
    """Return whether an address responds with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def query(prometheus: str, expression: str) -> list[dict[str, Any]]:
    """Return the series that Prometheus finds."""
    words = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query?{words}", timeout=5) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return found


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Listen for alerts; yield the address and the list of received alerts."""
    alerts: list[dict[str, Any]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            alerts.extend(json.loads(body)["alerts"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alerts", alerts
    finally:
        server.shutdown()
        server.server_close()
