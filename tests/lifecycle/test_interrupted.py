"""What is stopped half-way, and an update that may not write."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import postponed
from tests.checkout import ROOT, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state
from tests.lifecycle.small_template import with_pyproject
from tests.waiting import until

# Ctrl+C reaches all that a terminal runs; a service's manager speaks to one process.
BREAKS = [(signal.SIGINT, True), (signal.SIGTERM, False)]
ASIDE = "project-modelyard-v2.0.0"
MOUNT = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@"'


def stopped(
    words: list[str | Path], begun: Callable[[], bool], by: signal.Signals, group: bool = False
) -> subprocess.CompletedProcess[str]:
    """Start a command and stop it, alone or with all it has started, as soon as it has begun."""
    command = [sys.executable, "-m", "modelyard_lifecycle", *(str(word) for word in words)]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        command, env=surroundings, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as running:
        until(begun)
        os.killpg(running.pid, by) if group else running.send_signal(by)
        _, said = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, "", said)


def update_stopped(project: Path, by: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Stop an update as soon as its working tree aside is there."""
    aside = project.with_name(ASIDE) / "text.txt"
    return stopped(["update", project], aside.exists, by)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_break_takes_back_what_was_begun(child: Path, by: signal.Signals) -> None:
    before = state(child)
    done = update_stopped(child, by)
    assert (done.returncode, done.stderr.count("\n")) == (130, 1), done.stderr
    assert "interrupted" in done.stderr
    assert state(child) == before
    assert not child.with_name(ASIDE).exists()


def test_after_a_kill_the_next_run_says_what_to_do_and_that_helps(
    modelyard: Modelyard, child: Path
) -> None:
    files = git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")
    assert update_stopped(child, signal.SIGKILL).returncode == -signal.SIGKILL
    assert (git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")) == files
    assert modelyard("check", child).returncode == 10
    done = modelyard("update", child)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    remedy = done.stderr.rsplit("or: ", 1)[1].strip()
    subprocess.run(remedy, shell=True, cwd=child, check=True, capture_output=True)
    assert modelyard("update", child).returncode == 0


@pytest.mark.parametrize(("by", "group"), BREAKS)
def test_a_fleet_update_that_is_broken_off_leaves_whole_branches_and_goes_on(
    modelyard: Modelyard, team: Path, by: signal.Signals, group: bool
) -> None:
    projects = team / "projects"
    before = {project.name: state(project) for project in projects.iterdir()}

    def begun() -> bool:
        return any(projects.glob("*-modelyard-v2.0.0"))

    done = stopped(["fleet", "update", projects], begun, by, group)
    assert (done.returncode, done.stderr.strip().count("\n")) == (130, 0), done.stderr
    assert "the same command goes on from there" in done.stderr
    assert not begun()
    for name in before:
        if git(projects / name, "branch", "--list", "modelyard-v2.0.0"):
            git(projects / name, "branch", "--quiet", "-D", "modelyard-v2.0.0")
    assert {project.name: state(project) for project in projects.iterdir()} == before
    assert modelyard("fleet", "update", projects).stdout.count("prepared") == 3


def test_a_break_that_another_thread_hears_is_postponed_too() -> None:
    ended, done = threading.Event(), list[str]()
    threading.Thread(target=ended.wait, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        broken_off(done)
    ended.set()
    assert done == ["the whole block"]


def broken_off(done: list[str]) -> None:
    """Send a break to this process while breaks are postponed, and go on."""
    with postponed():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        done.append("the whole block")


@pytest.mark.parametrize("wait", [0.1, 0.4])
def test_a_fleet_report_that_is_broken_off_says_so_and_nothing_else(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))

    def begun() -> bool:
        time.sleep(wait)
        return any(scratch.iterdir())

    words: list[str | Path] = ["fleet", "report", team / "projects"]
    done = stopped(words, begun, signal.SIGINT, group=True)
    assert (done.returncode, done.stderr.strip().count("\n")) == (130, 0), done.stderr
    assert "interrupted" in done.stderr
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(("by", "group"), BREAKS)
def test_a_step_of_a_new_project_that_is_broken_off_is_told_with_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: signal.Signals, group: bool
) -> None:
    template, project = with_pyproject(tmp_path / "template"), tmp_path / "new"
    slow, begun = tmp_path / "tools" / "uv", tmp_path / "begun"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\necho $$ > "{begun}"\nexec sleep 300\n', "utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    words: list[str | Path] = ["new", project, "--template", template, "--defaults"]
    done = stopped(words, lambda: begun.exists() and begun.read_text("utf-8") != "", by, group)
    assert done.returncode == 130, done.stderr
    assert f"error: uv lock was stopped; what was done before stays in {project}" in done.stderr
    assert "&& uv lock && uv sync && git add --all &&" in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "pyproject.toml").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text("utf-8")), 0)


def read_only(word: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a command where a project cannot be written into: root gets a mount of its own."""
    command = [sys.executable, "-m", "modelyard_lifecycle", word, str(project)]
    if os.getuid() == 0:
        command = ["unshare", "--mount", "sh", "-euc", MOUNT, str(project), *command]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command, env=surroundings, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def locked(child: Path) -> Iterator[Path]:
    """Return a project whose folders have no right to write."""
    folders = [child, *(path for path in child.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield child
    for folder in folders:
        folder.chmod(0o755)


def test_without_the_right_to_write_a_check_works_and_an_update_says_why_not(
    locked: Path,
) -> None:
    before = state(locked)
    checked = read_only("check", locked)
    assert (checked.returncode, checked.stderr) == (10, "")
    done = read_only("update", locked)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Permission denied" in done.stderr or "Read-only file system" in done.stderr
    assert state(locked) == before
    assert not locked.with_name(ASIDE).exists()
