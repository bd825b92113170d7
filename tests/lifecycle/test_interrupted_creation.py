"""A signal that arrives while branch and worktree are being created leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modelyard_lifecycle.errors import UserError, delay_interrupts
from modelyard_lifecycle.fleet.sources import Source, clone
from tests.checkout import ROOT, git
from tests.lifecycle.repository_state import state

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the git of these tests is a shell script")
# The shell itself ignores the signals, which dash unblocks and git leaves blocked.
GIT = """#!/bin/sh
trap '' {signal}
(trap - {signal}; exec "{git}" "$@"); code=$?
[ "$1 $2" = "{command}" ] && mkdir "{once}" 2>/dev/null && kill -{signal} {target} && sleep 0.2
exit $code
"""
COMMANDS = ["branch --no-track", "worktree add", "reset --quiet"]
SIGNALS = [("INT", "$PPID"), ("INT", "0"), ("TERM", "$PPID"), ("TERM", "0")]


@pytest.fixture
def fake_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that puts a `git` with a given text on PATH; it returns its folder."""

    def write(text: str) -> Path:
        tool = tmp_path / "tools" / "git"
        tool.parent.mkdir()
        tool.write_text(text, "utf-8")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
        return tool.parent

    return write


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a session of its own."""
    command = [sys.executable, "-m", "modelyard_lifecycle", *map(str, words)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", start_new_session=True
    )


@pytest.mark.parametrize(("by", "target"), SIGNALS, ids=lambda word: word.strip("$"))
@pytest.mark.parametrize("command", COMMANDS)
def test_an_update_interrupted_at_a_git_command_leaves_nothing(
    child: Path, tmp_path: Path, fake_git: Callable[[str], Path], command: str, by: str, target: str
) -> None:
    real, once = shutil.which("git"), tmp_path / "signalled"
    before = state(child)
    fake_git(GIT.format(git=real, command=command, once=once, signal=by, target=target))
    words = ["fleet", "update"] if (by, target) == ("TERM", "0") else ["update"]
    done = run(*words, child)
    assert once.exists()
    assert done.returncode == 130, done.stderr
    assert "error: interrupted; " in done.stderr
    assert state(child) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        "project", "signalled", "tools",
    ]  # fmt: skip


def test_a_worktree_that_cannot_be_added_leaves_no_branch(
    child: Path, tmp_path: Path, fake_git: Callable[[str], Path]
) -> None:
    before = state(child)
    real = shutil.which("git")
    refusal = '[ "$1 $2" = "worktree add" ] && echo "fatal: no room" >&2 && exit 128'
    fake_git(f'#!/bin/sh\n{refusal}\nexec "{real}" "$@"\n')
    done = run("update", child)
    assert (done.returncode, done.stderr) == (1, "error: git worktree: fatal: no room\n")
    assert state(child) == before


def test_a_clone_that_is_killed_after_its_timeout_is_removed(
    child: Path, tmp_path: Path, fake_git: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELYARD_PATIENCE_S", "0.5")
    folder = tmp_path / "clones" / "slow"
    fake_git(f'#!/bin/sh\nmkdir -p "{folder}/.git"; exec sleep 30\n')
    with pytest.raises(UserError, match=r"no answer within 0\.5 s"):
        clone(Source("slow", None, "file:///srv/slow.git"), folder)
    assert not folder.exists()


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_delayed_signal_is_raised_at_the_end_of_the_block(by: signal.Signals) -> None:
    done = list[str]()
    with pytest.raises(KeyboardInterrupt):
        signal_in_block(by, done)
    assert done


def signal_in_block(by: signal.Signals, done: list[str]) -> None:
    """Send a signal to this process while it is delayed, and continue."""
    with delay_interrupts():
        os.kill(os.getpid(), by)
        done.append("the whole block")


def test_without_a_signal_the_update_is_made(child: Path) -> None:
    """The negative control."""
    done = run("update", child)
    assert done.returncode == 0, done.stderr
    assert git(child, "branch", "--list", "modelyard-*") == ""
