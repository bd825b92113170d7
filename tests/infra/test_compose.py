"""The project's composition, really started as its page tells, and what is left afterwards."""

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
from tests.infra.engine import BASE, NATIVE, needed
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
    """Return the images that the composition names and does not build."""
    files = sorted((project / "deployment").glob("**/compose.yaml"))
    read = [yaml.safe_load(file.read_text("utf-8"))["services"] for file in files]
    return [one["image"] for services in read for one in services.values() if "image" in one]


@pytest.fixture
def project(render: Render, trained: Path, tmp_path: Path) -> Path:
    """A trained project with each part that a composition can have."""
    return with_results(render(EVERY_TARGET | S3), trained, tmp_path / "project")


@pytest.fixture
def daemon(base_archive: Path, project: Path, tmp_path: Path) -> Iterator[Daemon]:
    """A Docker daemon that has the images which it would pull."""
    with with_base(base_archive, tmp_path / "docker") as running:
        build(running, named(project), tmp_path / "standins")
        yield running


@contextmanager
def with_base(archive: Path, folder: Path) -> Iterator[Daemon]:
    """Run a Docker daemon that has the Python base."""
    needed("dockerd", "docker", "docker-compose", "slirp4netns", "busybox", "curl")
    with docker(folder) as running:
        done = running.docker("load", "--quiet", "--input", str(archive))
        running.docker("tag", NATIVE, BASE)
        assert done.returncode == 0, done.stderr
        yield running


def asked(daemon: Daemon, url: str, body: bytes = b"") -> Any:
    """Return what an address in the daemon's network answers."""
    sent = ["--header", "content-type: application/json", "--data-binary", "@-"] if body else []
    command = [*daemon.inside, "curl", "-s", "--fail", "--max-time", "10", *sent, url]
    return json.loads(subprocess.run(command, input=body, capture_output=True, check=True).stdout)


def test_the_page_goes_as_told_and_nothing_is_left(
    daemon: Daemon, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in daemon.environment().items():
        monkeypatch.setenv(name, value)
    *steps, stop = blocks(PAGE)
    before = traces(daemon.folder, daemon.group, daemon.inside)
    with Walk(project, project, inside=daemon.inside, port=8000) as reader:
        reader.through(steps)
        predicts_as_the_project(daemon, project, tmp_path)
        is_watched(daemon)
        scored = json.loads((project / "scored" / "manifest.json").read_text("utf-8"))
        assert scored["scored"] > 1000
        another_clone_pulls(daemon, project, tmp_path / "clone")
        reader.do(stop)
    assert daemon.docker("ps", "--all", "--quiet").stdout == ""
    assert daemon.docker("volume", "ls", "--quiet").stdout == ""
    assert until(lambda: traces(daemon.folder, daemon.group, daemon.inside) == before)


def predicts_as_the_project(daemon: Daemon, project: Path, tmp_path: Path) -> None:
    """Demand that the container's answer is the project's own."""
    told = subprocess.run(
        [*MODELYARD, "example", "50"], cwd=project, capture_output=True, check=True
    )
    with running_service([*MODELYARD, "serve"], project, tmp_path / "log") as own:
        status, wanted = post(f"{own}/predict", json.loads(told.stdout))
    assert status == 200
    assert asked(daemon, "http://127.0.0.1:8000/predict", told.stdout) == wanted


def is_watched(daemon: Daemon) -> None:
    """Demand that Prometheus sees the service, has the project's alerts and somebody to tell."""
    up = f"{PROMETHEUS}/query?query=up%7Bjob%3D%22rest%22%7D"
    (series,) = until(lambda: asked(daemon, up)["data"]["result"])
    assert series["value"][1] == "1"
    (group,) = asked(daemon, f"{PROMETHEUS}/rules")["data"]["groups"]
    assert [rule["name"] for rule in group["rules"]] == [rule["alert"] for rule in rules()]
    told = asked(daemon, f"{PROMETHEUS}/alertmanagers")["data"]["activeAlertmanagers"]
    assert [one["url"] for one in told] == ["http://alertmanager:9093/api/v2/alerts"]


def another_clone_pulls(daemon: Daemon, project: Path, clone: Path) -> None:
    """Demand that a clone gets the model from the store."""
    git(clone.parent, "clone", "--quiet", str(project), str(clone))
    shutil.copy(project / ".env", clone)
    pull = ["uv", "run", "--project", str(project), "--env-file", ".env", "dvc", "pull"]
    command = [*daemon.inside, *pull, "models/model.onnx"]
    done = subprocess.run(command, cwd=clone, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    model = Path("models", "model.onnx")
    assert (clone / model).read_bytes() == (project / model).read_bytes()


def test_what_is_never_healthy_fails_the_start(daemon: Daemon, project: Path) -> None:
    changed(project / "deployment/rest/prometheus/compose.yaml", "9093/-/ready", "9093/-/nothing")
    done = daemon.docker("compose", "up", "--wait", "alertmanager", at=project)
    assert done.returncode != 0
    assert "alertmanager-1 is unhealthy" in done.stderr

    done = daemon.docker("compose", "up", "--wait", "storage", at=project)
    assert done.returncode != 0, "a store without keys lets everybody in"
    assert "storage-1 is unhealthy" in done.stderr


def test_what_a_daemon_would_leave_is_seen_and_goes_with_it(
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
