"""Tests for interrupted commands, and for an update without write permission."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import defer_interrupts
from tests.checkout import ROOT, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state
from tests.lifecycle.small_template import with_pyproject
from tests.waiting import wait_until

# Ctrl+C reaches all processes of a terminal; a service manager signals one process.
INTERRUPTS = [(signal.SIGINT, True), (signal.SIGTERM, False)]
WORKTREE = "project-modelyard-v2.0.0"
MOUNT = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@"'


def run_interrupted(
    words: list[str | Path], begun: Callable[[], bool], by: signal.Signals, group: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command and send a signal to it or its process group as soon as `begun` is true."""
    command = [sys.executable, "-m", "modelyard_lifecycle", *(str(word) for word in words)]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        command, env=surroundings, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as running:
        wait_until(begun)
        os.killpg(running.pid, by) if group else running.send_signal(by)
        _, errors = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, "", errors)


def interrupted_update(project: Path, by: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Interrupt an update as soon as its worktree exists."""
    file = project.with_name(WORKTREE) / "text.txt"
    return run_interrupted(["update", project], file.exists, by)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_update_is_rolled_back(child: Path, by: signal.Signals) -> None:
    before = state(child)
    done = interrupted_update(child, by)
    assert (done.returncode, done.stderr.count("\n")) == (130, 1), done.stderr
    assert "interrupted" in done.stderr
    assert state(child) == before
    assert not child.with_name(WORKTREE).exists()


def test_after_a_kill_the_next_run_prints_a_remedy_that_works(
    modelyard: Modelyard, child: Path
) -> None:
    files = git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")
    assert interrupted_update(child, signal.SIGKILL).returncode == -signal.SIGKILL
    assert (git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")) == files
    assert modelyard("check", child).returncode == 10
    done = modelyard("update", child)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    remedy = done.stderr.rsplit("or run: ", 1)[1].strip()
    subprocess.run(remedy, shell=True, cwd=child, check=True, capture_output=True)
    assert modelyard("update", child).returncode == 0


@pytest.mark.parametrize(("by", "group"), INTERRUPTS)
def test_an_interrupted_fleet_update_keeps_prepared_branches_and_can_continue(
    modelyard: Modelyard, team: Path, by: signal.Signals, group: bool
) -> None:
    projects = team / "projects"
    before = {project.name: state(project) for project in projects.iterdir()}

    def begun() -> bool:
        return any(projects.glob("*-modelyard-v2.0.0"))

    done = run_interrupted(["fleet", "update", projects], begun, by, group)
    assert (done.returncode, done.stderr.strip().count("\n")) == (130, 0), done.stderr
    assert "run the same command to continue" in done.stderr
    assert not begun()
    for name in before:
        if git(projects / name, "branch", "--list", "modelyard-v2.0.0"):
            git(projects / name, "branch", "--quiet", "-D", "modelyard-v2.0.0")
    assert {project.name: state(project) for project in projects.iterdir()} == before
    assert modelyard("fleet", "update", projects).stdout.count("prepared") == 3


def test_a_sigint_received_by_another_thread_is_deferred() -> None:
    ended, done = threading.Event(), list[str]()
    threading.Thread(target=ended.wait, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        interrupt_deferred_block(done)
    ended.set()
    assert done == ["the whole block"]


def interrupt_deferred_block(done: list[str]) -> None:
    """Send SIGINT to this process while interrupts are deferred, and continue."""
    with defer_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        done.append("the whole block")


@pytest.mark.parametrize("wait", [0.1, 0.4])
def test_an_interrupted_fleet_report_prints_one_line(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: float
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))

    def begun() -> bool:
        time.sleep(wait)
        return any(scratch.iterdir())

    words: list[str | Path] = ["fleet", "report", team / "projects"]
    done = run_interrupted(words, begun, signal.SIGINT, group=True)
    assert (done.returncode, done.stderr.strip().count("\n")) == (130, 0), done.stderr
    assert "interrupted" in done.stderr
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(("by", "group"), INTERRUPTS)
def test_an_interrupted_step_of_a_new_project_is_named_with_the_remaining_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: signal.Signals, group: bool
) -> None:
    template, project = with_pyproject(tmp_path / "template"), tmp_path / "new"
    slow, begun = tmp_path / "tools" / "uv", tmp_path / "begun"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\necho $$ > "{begun}"\nexec sleep 300\n', "utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    words: list[str | Path] = ["new", project, "--template", template, "--defaults"]
    done = run_interrupted(
        words, lambda: begun.exists() and begun.read_text("utf-8") != "", by, group
    )
    assert done.returncode == 130, done.stderr
    assert f"error: uv lock was interrupted; the earlier steps are kept in {project}" in done.stderr
    assert "&& uv lock && uv sync && git -c core.excludesFile= add --all &&" in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "pyproject.toml").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text("utf-8")), 0)


def read_only(word: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on a read-only project; root gets a read-only mount."""
    command = [sys.executable, "-m", "modelyard_lifecycle", word, str(project)]
    if os.getuid() == 0:
        command = ["unshare", "--mount", "sh", "-euc", MOUNT, str(project), *command]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command, env=surroundings, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def locked(child: Path) -> Iterator[Path]:
    """Return a project whose folders are not writable."""
    folders = [child, *(path for path in child.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield child
    for folder in folders:
        folder.chmod(0o755)


def test_without_write_permission_a_check_works_and_an_update_is_refused(
    locked: Path,
) -> None:
    before = state(locked)
    checked = read_only("check", locked)
    assert (checked.returncode, checked.stderr) == (10, "")
    done = read_only("update", locked)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Permission denied" in done.stderr or "Read-only file system" in done.stderr
    assert state(locked) == before
    assert not locked.with_name(WORKTREE).exists()
