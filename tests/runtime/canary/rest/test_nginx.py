"""The project's nginx in front of two services: share of the candidate, failover, shadow mode."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from modelyard.canary.rest.traffic import Response, post, request
from modelyard.files import read_json

from tests.infra.engine import require_tools
from tests.runtime import example
from tests.runtime.rest_client import body
from tests.runtime.rest_load import RunningService, running_service, served
from tools.service import free_port

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="nginx"),
]
CONFIGURATION = example.TEMPLATE / "deployment" / "rest" / "canary" / "nginx.conf"
AROUND = """
daemon off;
worker_processes 2;
pid nginx.pid;
events {{ }}
http {{
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  {0}
}}
"""
SHARE = "  5% candidate; "
REQUESTS, CLIENTS, WAIT_S = 400, 4, 10
SENT = request(body()["rows"])
WITHIN = {"none": (0, 0), "5%": (1, 50), "50%": (140, 260), "100%": (400, 400)}


class Pair(NamedTuple):
    """Services of the serving model and of a candidate."""

    serving: RunningService
    candidate: RunningService


class Proxy:
    """An nginx process with the project's configuration."""

    def __init__(self, folder: Path, pair: Pair, **changes: str) -> None:
        """Map the addresses in the configuration to those of the test."""
        self.folder, self.port = folder, free_port()
        self.replacements = {
            "127.0.0.1:8000": f"127.0.0.1:{pair.serving.port}",
            "127.0.0.1:8001": f"127.0.0.1:{pair.candidate.port}",
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            "/var/log/nginx/access.log": "access.log",
            **changes,
        }

    def write(self, share: str) -> None:
        """Write the configuration with a share for the candidate."""
        own = {SHARE: SHARE.replace("5%", share) if share != "none" else ""}
        text = CONFIGURATION.read_text("utf-8")
        for old, new in (self.replacements | own).items():
            assert old in text
            text = text.replace(old, new)
        (self.folder / "nginx.conf").write_text(AROUND.format(text), "utf-8")

    def reload(self, share: str) -> None:
        """Change the share and reload nginx."""
        self.write(share)
        subprocess.run([*self.command(), "-s", "reload"], check=True)

    def command(self) -> list[str]:
        """Return the command that runs nginx."""
        return ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]

    @contextmanager
    def running(self, share: str) -> Iterator[None]:
        """Run nginx for the block."""
        self.write(share)
        process = subprocess.Popen(self.command())
        try:
            until(lambda: listens(self.port) or process.poll() is not None)
            assert process.poll() is None, (self.folder / "error.log").read_text("utf-8")
            yield
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(WAIT_S)


def listens(port: int) -> bool:
    """Return whether a port is open."""
    try:
        HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def send(port: int, count: int = REQUESTS) -> list[Response]:
    """Send requests over several connections in parallel."""

    def client(_: int) -> list[Response]:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        return [post(connection, SENT) for _ in range(count // CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [response for part in pool.map(client, range(CLIENTS)) for response in part]


def by_candidate(responses: list[Response]) -> int:
    """Return the number of responses of the candidate."""
    version = read_json(Path("models/model.json"), "")["sha256"][:12]
    return sum(f'"model_version":"{version}"'.encode() in one.body for one in responses)


def until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Path:
    """Folder of the same model under another version."""
    require_tools("nginx")
    folder = tmp_path_factory.mktemp("candidate") / "models"
    shutil.copytree(made / "models", folder)
    about = json.loads((folder / "model.json").read_text("utf-8"))
    about |= {"version": about["sha256"][:12]}  # as runtimes up to 1.1 named it
    (folder / "model.json").write_text(json.dumps(about), "utf-8")
    return folder


@pytest.fixture(scope="module")
def pair(candidate: Path) -> Iterator[Pair]:
    """Running services of both models."""
    with running_service() as one, running_service(MODEL_DIR=str(candidate)) as other:
        yield Pair(one, other)


@pytest.mark.parametrize("share", WITHIN)
def test_the_candidate_gets_its_share_and_no_request_fails(
    share: str, pair: Pair, tmp_path: Path
) -> None:
    proxy = Proxy(tmp_path, pair)
    with proxy.running(share):
        responses = send(proxy.port)
    assert {one.status for one in responses} == {200}
    least, most = WITHIN[share]
    assert least <= by_candidate(responses) <= most


def test_no_request_fails_while_the_share_is_raised(pair: Pair, tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, pair)
    with proxy.running("none"), ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send, proxy.port, 4 * REQUESTS)
        proxy.reload("50%")
        proxy.reload("100%")
        responses = sending.result()
        until(lambda: by_candidate(send(proxy.port)) == REQUESTS)
    assert {one.status for one in responses} == {200}


def failures_while_candidate_dies(
    candidate: Path, serving: RunningService, folder: Path, **changes: str
) -> int:
    """Kill a candidate that gets half of the requests; return the number of failed requests."""
    with running_service(MODEL_DIR=str(candidate)) as dying:
        proxy = Proxy(folder, Pair(serving, dying), **changes)
        with proxy.running("50%"), ThreadPoolExecutor(1) as pool:
            assert by_candidate(send(proxy.port))
            sending = pool.submit(send, proxy.port, 2 * REQUESTS)
            dying.process.kill()
            responses = [*sending.result(), *send(proxy.port)]
    assert by_candidate(responses[-REQUESTS:]) == 0
    return sum(one.status != 200 for one in responses)


def test_no_request_fails_when_the_candidate_dies(
    candidate: Path, pair: Pair, tmp_path: Path
) -> None:
    assert failures_while_candidate_dies(candidate, pair.serving, tmp_path) == 0


def test_without_proxy_next_upstream_requests_fail(
    candidate: Path, pair: Pair, tmp_path: Path
) -> None:
    planted = {"proxy_next_upstream error": "proxy_next_upstream off; # "}
    assert failures_while_candidate_dies(candidate, pair.serving, tmp_path, **planted) > 0


def test_in_shadow_mode_the_candidate_gets_all_requests_and_its_responses_are_discarded(
    pair: Pair, tmp_path: Path
) -> None:
    proxy, before = (
        Proxy(tmp_path, pair, **{"mirror off;": "mirror /shadow;"}),
        candidate_requests(pair),
    )
    with proxy.running("none"):
        responses = send(proxy.port)
        until(lambda: candidate_requests(pair) == before + REQUESTS)
    assert {one.status for one in responses} == {200}
    assert by_candidate(responses) == 0


def candidate_requests(pair: Pair) -> int:
    """Return the number of prediction requests that the candidate received."""
    lines = served(pair.candidate, "/metrics").decode().splitlines()
    counted = [line for line in lines if line.startswith('http_request_seconds_count{path="/pre')]
    return sum(int(float(line.split()[-1])) for line in counted)
