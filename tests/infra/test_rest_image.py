"""The image of the REST service: really built, run and spoilt."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.engine import BASE, Engine
from tests.repository import git
from tools.service import free_port, post, served

pytestmark = pytest.mark.slow
TRAINING_ONLY = ["sklearn", "skl2onnx", "skops", "polars", "pandas", "pandera", "dvc", "uv"]
FIND = f"import importlib.util as u; print(*[n for n in {TRAINING_ONLY} if u.find_spec(n)])"
MOST_MB = 175


@contextmanager
def service(engine: Engine, image: str, *options: str) -> Iterator[tuple[str, str]]:
    """Run the image; give the container and its address once the model is loaded."""
    port = str(free_port())
    words = ["--host", "127.0.0.1", "--port", port, *options]
    with engine.running(image, *words) as container:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(engine, container, url)
        yield container, url


def wait_until_ready(engine: Engine, container: str, url: str) -> None:
    """Wait until the model is loaded, a minute at most."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(engine.podman("logs", container, ok=False).stderr)


def faults(engine: Engine, image: str) -> list[str]:
    """Return what is wrong with an image."""
    run = ["run", "--rm", "--read-only", "--entrypoint", "", image]
    user = engine.podman(*run, "id", "-u").stdout.strip()
    found = engine.podman(*run, "/app/.venv/bin/python", "-c", FIND).stdout.split()
    sizes = [int(engine.inspected(name, "{{.Size}}")) for name in (image, BASE)]
    extra_mb = (sizes[0] - sizes[1]) / 1e6
    return [
        *(["it runs as root"] if user == "0" else []),
        *(f"it holds {name}" for name in found),
        *([f"it adds {extra_mb:.0f} MB"] if extra_mb > MOST_MB else []),
    ]


def test_the_image_runs_without_rights_and_holds_nothing_that_trains(
    engine: Engine, rest_image: str
) -> None:
    assert faults(engine, rest_image) == []


@pytest.mark.parametrize(
    ("name", "lines", "fault"),
    [
        ("rooted", ["USER 0"], "it runs as root"),
        (
            "trains",
            ["USER 0", "RUN mkdir .venv/lib/python3.11/site-packages/polars", "USER 10001"],
            "it holds polars",
        ),
        (
            "large",
            ["USER 0", "RUN head -c 60000000 /dev/urandom > /app/large", "USER 10001"],
            "it adds ",
        ),
    ],
)
def test_a_planted_fault_of_the_image_is_seen(
    name: str, lines: list[str], fault: str, engine: Engine, rest_image: str
) -> None:
    spoilt = engine.derive(f"localhost/{name}:test", rest_image, *lines)
    assert [text for text in faults(engine, spoilt) if text.startswith(fault)] != []


def test_the_image_says_which_model_and_code_it_holds(
    engine: Engine, rest_image: str, trained: Path
) -> None:
    labels = json.loads(engine.inspected(rest_image, "{{json .Config.Labels}}"))
    about = json.loads((trained / "models" / "model.json").read_text("utf-8"))
    assert labels["org.opencontainers.image.version"] == about["version"]
    commit = labels["org.opencontainers.image.revision"]
    assert git(trained, "rev-parse", "HEAD").startswith(commit.removesuffix("-dirty"))


def test_the_container_predicts_what_the_project_predicts(
    engine: Engine, rest_image: str, trained: Path, tmp_path: Path
) -> None:
    rest = ["uv", "run", "--no-sync", "python", "-m", "flight_delays.serving.rest"]
    told = subprocess.run([*rest, "--example", "200"], cwd=trained, capture_output=True, check=True)
    body = json.loads(told.stdout)
    with service(engine, rest_image) as (_, url), served(rest, trained, tmp_path / "log") as own:
        assert post(f"{url}/predict", body) == post(f"{own}/predict", body)


def test_nothing_can_be_written_into_the_container(engine: Engine, rest_image: str) -> None:
    with service(engine, rest_image) as (container, _):
        done = engine.podman("exec", container, "touch", "/app/written", ok=False)
        assert "Read-only file system" in done.stderr
        assert engine.podman("exec", container, "id", "-u").stdout.strip() == "10001"


def test_on_sigterm_a_request_under_way_is_answered_and_the_container_ends(
    engine: Engine, rest_image: str, trained: Path
) -> None:
    rest = ["uv", "run", "--no-sync", "python", "-m", "flight_delays.serving.rest"]
    told = subprocess.run([*rest, "--example", "3"], cwd=trained, capture_output=True, check=True)
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(told.stdout)}\r\n\r\n"
    with service(engine, rest_image) as (container, url):
        address = ("127.0.0.1", int(url.rsplit(":", 1)[1]))
        with socket.create_connection(address) as client:
            client.sendall(head.encode() + told.stdout[:20])
            time.sleep(0.3)
            engine.podman("kill", "--signal", "TERM", container)
            time.sleep(0.3)
            client.sendall(told.stdout[20:])
            with client.makefile("rb") as answer:
                assert answer.read().startswith(b"HTTP/1.1 200")
        assert engine.podman("wait", container).stdout.strip() == "0"


def test_the_health_check_tells_a_service_that_is_ready_from_one_that_is_not(
    engine: Engine, rest_image: str
) -> None:
    port = str(free_port())
    told = engine.podman(
        "run", "--detach", "--env", f"REST_PORT={port}", rest_image, "--host", "127.0.0.1"
    )
    container = told.stdout.strip()
    try:
        wait_until_ready(engine, container, f"http://127.0.0.1:{port}")
        assert engine.podman("healthcheck", "run", container, ok=False).returncode == 0
        engine.podman("kill", "--signal", "STOP", container)
        assert engine.podman("healthcheck", "run", container, ok=False).returncode != 0
    finally:
        engine.podman("rm", "--force", "--time", "0", container)
