"""The project's nginx before two real services: the candidate gets its share, nobody fails."""

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

from tests.infra.engine import needed
from tests.runtime import example
from tests.runtime.rest_client import body
from tests.runtime.rest_load import Place, served, serving_apart
from tools.service import free_port

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nginx")
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
VERSION = b'"model_version":"candidate"'
WITHIN = {"none": (0, 0), "5%": (1, 50), "50%": (140, 260), "100%": (400, 400)}


class Pair(NamedTuple):
    """Two services."""

    serving: Place
    candidate: Place


class Proxy:
    """An nginx with the project's configuration, in a folder of its own."""

    def __init__(self, folder: Path, pair: Pair, **changes: str) -> None:
        """Write the configuration, with the addresses of this machine."""
        self.folder, self.port = folder, free_port()
        self.words = {
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
        for found, put in (self.words | own).items():
            assert found in text
            text = text.replace(found, put)
        (self.folder / "nginx.conf").write_text(AROUND.format(text), "utf-8")

    def reload(self, share: str) -> None:
        """Change the share as an operator does."""
        self.write(share)
        subprocess.run([*self.command(), "-s", "reload"], check=True)

    def command(self) -> list[str]:
        """Give the words that run nginx here."""
        return ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]

    @contextmanager
    def running(self, share: str) -> Iterator[None]:
        """Run it for the length of a `with` block."""
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
    """Tell whether a port is open."""
    try:
        HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def send(port: int, count: int = REQUESTS) -> list[Response]:
    """Send a number of requests over some connections at once."""

    def client(_: int) -> list[Response]:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        return [post(connection, SENT) for _ in range(count // CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [response for part in pool.map(client, range(CLIENTS)) for response in part]


def by_candidate(responses: list[Response]) -> int:
    """Count the answers of the candidate."""
    return sum(VERSION in response.body for response in responses)


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    end = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Path:
    """The folder of a model that says the same under another version."""
    needed("nginx")
    folder = tmp_path_factory.mktemp("candidate") / "models"
    shutil.copytree(made / "models", folder)
    about = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps(about | {"version": "candidate"}), "utf-8")
    return folder


@pytest.fixture(scope="module")
def pair(candidate: Path) -> Iterator[Pair]:
    """A service of each model."""
    with serving_apart() as one, serving_apart(MODEL_DIR=str(candidate)) as other:
        yield Pair(one, other)


@pytest.mark.parametrize("share", WITHIN)
def test_the_candidate_gets_its_share_and_each_request_an_answer(
    share: str, pair: Pair, tmp_path: Path
) -> None:
    proxy = Proxy(tmp_path, pair)
    with proxy.running(share):
        responses = send(proxy.port)
    assert {one.status for one in responses} == {200}
    least, most = WITHIN[share]
    assert least <= by_candidate(responses) <= most


def test_a_share_is_raised_without_a_lost_request(pair: Pair, tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, pair)
    with proxy.running("none"), ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send, proxy.port, 4 * REQUESTS)
        proxy.reload("50%")
        proxy.reload("100%")
        responses = sending.result()
        until(lambda: by_candidate(send(proxy.port)) == REQUESTS)
    assert {one.status for one in responses} == {200}


def failed_while_the_candidate_dies(
    candidate: Path, serving: Place, folder: Path, **changes: str
) -> int:
    """Kill a candidate that gets half of the requests; count the requests without an answer."""
    with serving_apart(MODEL_DIR=str(candidate)) as dying:
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
    assert failed_while_the_candidate_dies(candidate, pair.serving, tmp_path) == 0


def test_without_the_line_that_asks_again_requests_fail(
    candidate: Path, pair: Pair, tmp_path: Path
) -> None:
    planted = {"proxy_next_upstream error": "proxy_next_upstream off; # "}
    assert failed_while_the_candidate_dies(candidate, pair.serving, tmp_path, **planted) > 0


def test_in_the_shadow_the_candidate_gets_all_requests_and_answers_none(
    pair: Pair, tmp_path: Path
) -> None:
    proxy, before = Proxy(tmp_path, pair, **{"mirror off;": "mirror /shadow;"}), asked(pair)
    with proxy.running("none"):
        responses = send(proxy.port)
        until(lambda: asked(pair) == before + REQUESTS)
    assert {one.status for one in responses} == {200}
    assert by_candidate(responses) == 0


def asked(pair: Pair) -> int:
    """Ask the candidate how many predictions it was asked for."""
    lines = served(pair.candidate, "/metrics").decode().splitlines()
    counted = [line for line in lines if line.startswith('http_request_seconds_count{path="/pre')]
    return sum(int(float(line.split()[-1])) for line in counted)
