"""The project's compose files, started as documented, and what they leave behind."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import ROOT, git
from tests.conftest import EVERY_TARGET, Render
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.infra.daemon import Daemon, docker, traces
from tests.infra.engine import BASE, NATIVE, require_tools
from tests.infra.remotes import S3, with_results
from tests.infra.standins import build
from tests.infra.watching import changed, rules, until
from tools.service import post, running_service
from tools.steps import environment

pytestmark = pytest.mark.slow
PAGE = ROOT / "docs" / "how-to" / "one-machine.md"
MODELYARD = ["uv", "run", "--no-sync", "modelyard"]
PROMETHEUS = "http://127.0.0.1:9090/api/v1"


def named(project: Path) -> list[str]:
    """Return the images that the compose files name but do not build."""
    files = sorted((project / "deployment").glob("**/compose.yaml"))
    read = [yaml.safe_load(file.read_text("utf-8"))["services"] for file in files]
    services = [one for services in read for one in services.values()]
    return [one["image"] for one in services if "image" in one and "build" not in one]


@pytest.fixture
def project(render: Render, trained: Path, tmp_path: Path) -> Path:
    """A trained project with all services that compose files can have."""
    return with_results(render(EVERY_TARGET | S3), trained, tmp_path / "project")


@pytest.fixture
def daemon(base_archive: Path, project: Path, tmp_path: Path) -> Iterator[Daemon]:
    """A Docker daemon with the images that it would pull."""
    with with_base(base_archive, tmp_path / "docker") as running:
        build(running, named(project), tmp_path / "standins")
        yield running


@contextmanager
def with_base(archive: Path, folder: Path) -> Iterator[Daemon]:
    """Run a Docker daemon that has the Python base image."""
    require_tools("dockerd", "docker", "docker-compose", "slirp4netns", "busybox", "curl")
    with docker(folder) as running:
        done = running.docker("load", "--quiet", "--input", str(archive))
        running.docker("tag", NATIVE, BASE)
        assert done.returncode == 0, done.stderr
        yield running


def fetch(daemon: Daemon, url: str, body: bytes = b"") -> Any:
    """Return the JSON response of an address in the daemon's network."""
    sent = ["--header", "content-type: application/json", "--data-binary", "@-"] if body else []
    command = [*daemon.inside, "curl", "-s", "--fail", "--max-time", "10", *sent, url]
    return json.loads(subprocess.run(command, input=body, capture_output=True, check=True).stdout)


def test_the_guide_works_and_leaves_nothing_behind(
    daemon: Daemon, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in daemon.environment().items():
        monkeypatch.setenv(name, value)
    *steps, stop = blocks(PAGE)
    before = traces(daemon.folder, daemon.group, daemon.inside)
    with Walk(project, project, inside=daemon.inside, ports={"8000": 8000}) as reader:
        reader.run_page(steps)
        predicts_like_the_project(daemon, project, tmp_path)
        is_monitored(daemon)
        scored = json.loads((project / "scored" / "manifest.json").read_text("utf-8"))
        assert scored["scored"] > 1000
        another_clone_pulls(daemon, project, tmp_path / "clone")
        reader.do(stop)
    assert daemon.docker("ps", "--all", "--quiet").stdout == ""
    assert daemon.docker("volume", "ls", "--quiet").stdout == ""
    assert until(lambda: traces(daemon.folder, daemon.group, daemon.inside) == before)


def predicts_like_the_project(daemon: Daemon, project: Path, tmp_path: Path) -> None:
    """Assert that the container responds like the project."""
    example = subprocess.run(
        [*MODELYARD, "example", "50"], cwd=project, capture_output=True, check=True
    )
    with running_service([*MODELYARD, "serve"], project, tmp_path / "log") as own:
        status, wanted = post(f"{own}/predict", json.loads(example.stdout))
    assert status == 200
    assert fetch(daemon, "http://127.0.0.1:8000/predict", example.stdout) == wanted


def is_monitored(daemon: Daemon) -> None:
    """Assert that Prometheus scrapes the service, and has the alerts and an Alertmanager."""
    up = f"{PROMETHEUS}/query?query=up%7Bjob%3D%22rest%22%7D"
    (series,) = until(lambda: fetch(daemon, up)["data"]["result"])
    assert series["value"][1] == "1"
    (group,) = fetch(daemon, f"{PROMETHEUS}/rules")["data"]["groups"]
    assert [rule["name"] for rule in group["rules"]] == [rule["alert"] for rule in rules()]
    active = fetch(daemon, f"{PROMETHEUS}/alertmanagers")["data"]["activeAlertmanagers"]
    assert [one["url"] for one in active] == ["http://alertmanager:9093/api/v2/alerts"]


def another_clone_pulls(daemon: Daemon, project: Path, clone: Path) -> None:
    """Assert that a clone gets the model from the store."""
    git(clone.parent, "clone", "--quiet", str(project), str(clone))
    shutil.copy(project / ".env", clone)
    pull = ["uv", "run", "--project", str(project), "--env-file", ".env", "dvc", "pull"]
    command = [*daemon.inside, *pull, "models/model.onnx"]
    done = subprocess.run(command, cwd=clone, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    model = Path("models", "model.onnx")
    assert (clone / model).read_bytes() == (project / model).read_bytes()


def test_an_unhealthy_service_fails_the_start(daemon: Daemon, project: Path) -> None:
    changed(project / "deployment/rest/prometheus/compose.yaml", "9093/-/ready", "9093/-/nothing")
    done = daemon.docker("compose", "up", "--wait", "alertmanager", at=project)
    assert done.returncode != 0
    assert "alertmanager-1 is unhealthy" in done.stderr

    done = daemon.docker("compose", "up", "--wait", "storage", at=project)
    assert done.returncode != 0, "a store without keys would accept everybody"
    assert "storage-1 is unhealthy" in done.stderr


def test_traces_of_a_daemon_are_detected_and_removed_with_it(
    base_archive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "docker"
    before = traces(folder, "none")
    with with_base(base_archive, folder) as daemon:
        done = daemon.docker("run", "--detach", BASE, "sleep", "600")
        assert done.returncode == 0, done.stderr
        within = traces(folder, daemon.group, daemon.inside)
        here = traces(folder, daemon.group)
        container = done.stdout.strip()
    assert {"link docker0", "chain DOCKER"} <= within
    assert any(one.startswith("group ") and one.endswith(container) for one in here)
    assert any(one.startswith("process dockerd") for one in here)
    assert traces(folder, daemon.group) == before
