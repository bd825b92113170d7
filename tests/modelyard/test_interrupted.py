"""An update that is stopped half-way, and one that may not write."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modelyard.conftest import Modelyard
from tests.modelyard.untouched import state
from tests.repository import ROOT, git

ASIDE = "project-modelyard-v2.0.0"
MOUNT = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@"'


def stopped(project: Path, by: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Start an update and stop it as soon as its working tree aside is there."""
    command = [sys.executable, "-m", "modelyard", "update", str(project)]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        command, env=surroundings, stderr=subprocess.PIPE, encoding="utf-8"
    ) as running:
        end = time.monotonic() + 60
        while not (project.with_name(ASIDE) / "text.txt").exists():
            assert time.monotonic() < end, "no working tree aside"
            time.sleep(0.01)
        running.send_signal(by)
        _, said = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, "", said)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_break_takes_back_what_was_begun(child: Path, by: signal.Signals) -> None:
    before = state(child)
    done = stopped(child, by)
    assert (done.returncode, done.stderr.count("\n")) == (130, 1), done.stderr
    assert "interrupted" in done.stderr
    assert state(child) == before
    assert not child.with_name(ASIDE).exists()


def test_after_a_kill_the_next_run_says_what_to_do_and_that_helps(
    modelyard: Modelyard, child: Path
) -> None:
    files = git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")
    assert stopped(child, signal.SIGKILL).returncode == -signal.SIGKILL
    assert (git(child, "rev-parse", "HEAD"), git(child, "status", "--porcelain")) == files
    assert modelyard("check", child).returncode == 10
    done = modelyard("update", child)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    remedy = done.stderr.rsplit("or: ", 1)[1].strip()
    subprocess.run(remedy, shell=True, cwd=child, check=True, capture_output=True)
    assert modelyard("update", child).returncode == 0


def read_only(word: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a command where a project cannot be written into: root gets a mount of its own."""
    command = [sys.executable, "-m", "modelyard", word, str(project)]
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
