"""The image of the REST service, built and run."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.engine import HARDENED, Engine
from tools.service import free_port, post, running_service

pytestmark = pytest.mark.slow
MODELYARD = ["uv", "run", "--no-sync", "modelyard"]


@contextmanager
def service(engine: Engine, image: str, *options: str) -> Iterator[tuple[str, str]]:
    """Run the image; yield the container and its address once the model is loaded."""
    port = str(free_port())
    words = ["--host", "127.0.0.1", "--port", port, *options]
    with engine.running(image, *words) as container:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(engine, container, url)
        yield container, url


def wait_until_ready(engine: Engine, container: str, url: str) -> None:
    """Wait until the model is loaded, for at most a minute."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(engine.podman("logs", container, ok=False).stderr)


def example(project: Path, rows: int) -> bytes:
    """Return a request with a number of the project's example rows."""
    words = [*MODELYARD, "example", str(rows)]
    return subprocess.run(words, cwd=project, capture_output=True, check=True).stdout


def test_the_container_predicts_like_the_project(
    engine: Engine, rest_image: str, trained: Path, tmp_path: Path
) -> None:
    body = json.loads(example(trained, 200))
    with (
        service(engine, rest_image) as (_, url),
        running_service([*MODELYARD, "serve"], trained, tmp_path / "log") as own,
    ):
        assert post(f"{url}/predict", body) == post(f"{own}/predict", body)


def test_nothing_can_be_written_into_the_container(engine: Engine, rest_image: str) -> None:
    with service(engine, rest_image) as (container, _):
        done = engine.podman("exec", container, "touch", "/app/written", ok=False)
        assert "Read-only file system" in done.stderr
        assert engine.podman("exec", container, "id", "-u").stdout.strip() == "10001"


def test_on_sigterm_a_request_in_progress_is_completed_and_the_container_stops(
    engine: Engine, rest_image: str, trained: Path
) -> None:
    body = example(trained, 3)
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    with service(engine, rest_image) as (container, url):
        address = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        with socket.create_connection(address) as client:
            client.sendall(head.encode() + body[:20])
            time.sleep(0.3)
            engine.podman("kill", "--signal", "TERM", container)
            time.sleep(0.3)
            client.sendall(body[20:])
            with client.makefile("rb") as answer:
                assert answer.read().startswith(b"HTTP/1.1 200")
        assert engine.podman("wait", container).stdout.strip() == "0"


def test_the_health_check_fails_if_the_service_does_not_respond(
    engine: Engine, rest_image: str
) -> None:
    port = str(free_port())
    started = engine.podman(
        "run", "--detach", "--env", f"REST_PORT={port}", rest_image, "--host", "127.0.0.1"
    )
    container = started.stdout.strip()
    try:
        wait_until_ready(engine, container, f"http://127.0.0.1:{port}")
        assert engine.podman("healthcheck", "run", container, ok=False).returncode == 0
        engine.podman("kill", "--signal", "STOP", container)
        assert engine.podman("healthcheck", "run", container, ok=False).returncode != 0
    finally:
        engine.podman("rm", "--force", "--time", "0", container)


def limited(engine: Engine, image: str, memory: str, port: int) -> str:
    """Start the image with a memory limit and no swap; return the container."""
    limit = ["--memory", memory, "--memory-swap", memory]
    words = ["--host", "127.0.0.1", "--port", str(port)]
    return engine.podman("run", "--detach", *HARDENED, *limit, image, *words).stdout.strip()


def test_it_serves_within_its_memory_limit(engine: Engine, rest_image: str, trained: Path) -> None:
    port = free_port()
    container = limited(engine, rest_image, "128m", port)
    try:
        wait_until_ready(engine, container, f"http://127.0.0.1:{port}")
        status, _ = post(f"http://127.0.0.1:{port}/predict", json.loads(example(trained, 200)))
        limit = engine.podman(
            "exec", container, "cat", "/sys/fs/cgroup/memory/memory.limit_in_bytes"
        )
        assert (status, limit.stdout.strip()) == (200, str(128 * 2**20))
    finally:
        engine.podman("rm", "--force", "--time", "0", container)


def test_with_too_little_memory_it_is_killed(engine: Engine, rest_image: str) -> None:
    container = limited(engine, rest_image, "16m", free_port())
    try:
        assert engine.podman("wait", container).stdout.strip() == "137"
    finally:
        engine.podman("rm", "--force", "--time", "0", container)
