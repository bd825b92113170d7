"""Images are pushed under their version, and named with the digest that the registry gave them."""

import os
from pathlib import Path

import pytest

from tests.ci.hosts import run_in
from tests.ci.script_project import make

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
HOST = "host.example.invalid:5000/team"
DIGEST, OTHER = f"sha256:{1:064}", f"sha256:{2:064}"
PODMAN = f"""#!/usr/bin/env bash
echo "$*" >>"$RECORD"
[ "$1" != push ] || echo {DIGEST} >"$3"
[ "$1 $4" != "push ${{BROKEN:-}}" ] || exit 1
"""
DOCKER = f"""#!/usr/bin/env bash
echo "$*" >>"$RECORD"
name=${{@: -1}}
[ "$1" != image ] || echo "[\\"elsewhere/x@{OTHER}\\",\\"${{name%:*}}@{DIGEST}\\"]"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the script, and stand-ins for both engines next to it."""
    project = tmp_path / "project"
    make(project, "push.sh", {"podman": PODMAN, "docker": DOCKER})
    return project


def push(project: Path, engine: str, *targets: str, **more: str) -> tuple[int, str, list[str]]:
    """Push images of a version; return exit code, output and the engine's calls."""
    own = {"CONTAINER_ENGINE": str(project.parent / engine), "REGISTRY": HOST}
    own |= {"RECORD": str(project.parent / "record")}
    done = run_in(project, "scripts/push.sh", "v0.2.0", *targets, **own | more)
    record = project.parent / "record"
    calls = record.read_text("utf-8").splitlines() if record.exists() else []
    return done.returncode, done.stdout, calls


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_each_image_is_printed_with_the_digest_of_its_name(project: Path, engine: str) -> None:
    code, output, calls = push(project, engine, "rest", "edge")
    assert code == 0, output
    names = [f"{HOST}/flights-{target}" for target in ("rest", "edge")]
    lines = [f"{one.split('-')[-1]}={one}:v0.2.0@{DIGEST}" for one in names]
    assert output.splitlines() == lines
    assert f"tag flights-rest:latest {names[0]}:v0.2.0" in calls
    checksums = (project / "build" / "images.txt").read_text("utf-8").splitlines()
    assert checksums == [f"{1:064}  {name}" for name in names]


def test_a_failed_push_stops_the_script(project: Path) -> None:
    code, output, _ = push(project, "podman", "rest", "edge", BROKEN=f"{HOST}/flights-rest:v0.2.0")
    assert code == 1
    assert output == ""


def test_the_password_is_given_to_the_registrys_host_and_not_printed(project: Path) -> None:
    _, output, calls = push(project, "podman", REGISTRY_USER="me", REGISTRY_PASSWORD="secret")
    assert calls == ["login --username me --password-stdin host.example.invalid:5000"]
    assert "secret" not in output
