"""Scripts that call uv refuse a lock file that is not up to date; the first lock, uv makes."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.checkout import TEMPLATE, commit
from tests.ci.hosts import run_in
from tests.ci.script_project import make

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
SCRIPTS = sorted((TEMPLATE / "scripts").iterdir())
CALLERS = [one.name for one in SCRIPTS if re.search(r"(?m)^[^#]*\buv \w", one.read_text("utf-8"))]
PYPROJECT = '[project]\nname = "flights"\nversion = "1"\nrequires-python = ">=3.10"\n'
MODELYARD = '#!/bin/sh\necho "modelyard $*"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with these scripts and no dependencies, before its first lock."""
    project = tmp_path / "project"
    make(project, "monitor.sh", {"modelyard": MODELYARD})
    for name in CALLERS:
        shutil.copy2(TEMPLATE / "scripts" / name, project / "scripts")
    (project / "deployment" / "rest").mkdir(parents=True)
    (project / "deployment" / "rest" / "Dockerfile").touch()
    (project / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    commit(project, "Initial commit")
    return project


@pytest.fixture
def stale(project: Path) -> Path:
    """The project with a lock file, after a change of what it was locked for."""
    assert run_in(project, "uv", "lock").returncode == 0
    (project / "pyproject.toml").write_text(PYPROJECT.replace("3.10", "3.11"), "utf-8")
    commit(project, "Another Python, without uv lock")
    return project


def run(project: Path, script: str, **more: str) -> tuple[int, str]:
    """Run a script with one argument, which fits all of them; return exit code and output."""
    path = f"{project.parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "CONTAINER_ENGINE": "podman"}
    done = run_in(project, f"scripts/{script}", "rest", **own | more)
    return done.returncode, done.stdout


@pytest.mark.parametrize("script", CALLERS)
def test_a_stale_lock_file_is_refused_and_stays(script: str, stale: Path) -> None:
    before = (stale / "uv.lock").read_bytes()
    code, output = run(stale, script)
    assert code not in (0, 10, 20), output
    assert "The lockfile at `uv.lock` needs to be updated" in output
    assert "run `uv lock`" in output
    assert (stale / "uv.lock").read_bytes() == before


def test_before_the_first_lock_and_with_a_valid_one_a_script_runs(project: Path) -> None:
    for _ in ("makes the lock file", "uses it"):
        code, output = run(project, "monitor.sh")
        assert (code, "modelyard monitor" in output) == (0, True), output
        assert (project / "uv.lock").exists()


def test_who_asks_uv_for_no_check_of_the_lock_file_gets_none(stale: Path) -> None:
    before = (stale / "uv.lock").read_bytes()
    code, output = run(stale, "monitor.sh", UV_FROZEN="1")
    assert (code, "modelyard monitor" in output) == (0, True), output
    assert (stale / "uv.lock").read_bytes() == before
