"""`update --branch` proposes an update and never replaces a commit of somebody else."""

import os
import signal
from pathlib import Path

import pytest

from modelyard_lifecycle import proposal, proposed_branch
from modelyard_lifecycle.errors import Interrupted, UserError
from modelyard_lifecycle.progress import silent
from modelyard_lifecycle.project import read_project
from modelyard_lifecycle.proposed_branch import Remote, push
from modelyard_lifecycle.update_result import Wanted
from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state

BRANCH = "template-update"


@pytest.fixture
def origin(child: Path) -> Path:
    """A bare repository to which the project pushes."""
    bare = child.with_name("origin.git")
    git(child, "clone", "--quiet", "--bare", ".", str(bare))
    git(child, "remote", "add", "origin", str(bare))
    return bare


def tip(repository: Path) -> str:
    return git(repository, "for-each-ref", "--format=%(objectname)", f"refs/heads/{BRANCH}").strip()


def test_only_the_branch_is_made(modelyard: Modelyard, child: Path) -> None:
    before = state(child)
    done = modelyard("update", child, "--branch", BRANCH, "--data", "size=5")
    assert done.returncode == 0, done.stderr
    after = state(child)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f".git/refs/heads/{BRANCH}", "branches and tags"}
    assert "size: 5" in git(child, "show", f"{BRANCH}:.copier-answers.yml")


def test_somebody_elses_branch_here_stays(modelyard: Modelyard, child: Path) -> None:
    head = git(child, "symbolic-ref", "--short", "HEAD").strip()
    git(child, "checkout", "--quiet", "-b", BRANCH)
    (child / "same.txt").write_text("mine\n", "utf-8")
    commit(child, "Mine")
    git(child, "checkout", "--quiet", head)
    before = state(child)
    done = modelyard("update", child, "--branch", BRANCH)
    assert (done.returncode, state(child)) == (10, before)
    assert f"Branch {BRANCH} has a commit of somebody else: " in done.stdout
    assert "Mine (A Tester)" in done.stdout


def test_a_commit_pushed_meanwhile_is_not_replaced(
    modelyard: Modelyard, child: Path, origin: Path
) -> None:
    assert modelyard("update", child, "--branch", BRANCH, "--push", "origin").returncode == 0
    known = tip(origin)
    git(origin, "update-ref", f"refs/heads/{BRANCH}", git(origin, "rev-parse", "HEAD").strip())
    git(child, "commit", "--quiet", "--allow-empty", "--message", "Gone on")
    git(child, "branch", "--quiet", "--force", BRANCH, "HEAD")
    for stale in (known, ""):
        with pytest.raises(UserError, match=r"cannot be pushed to origin: .*stale info"):
            push(child, BRANCH, Remote("origin"), stale)
    assert tip(origin) == git(origin, "rev-parse", "HEAD").strip()


def test_a_refused_push_says_why(modelyard: Modelyard, child: Path, origin: Path) -> None:
    hook = origin / "hooks" / "update"
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    done = modelyard("update", child, "--branch", BRANCH, "--push", "origin")
    assert (done.returncode, tip(origin)) == (1, "")
    assert f"error: {BRANCH} cannot be pushed to origin: [remote rejected]" in done.stderr
    assert "hook declined" in done.stderr


def test_an_unreachable_remote_is_an_error_before_the_update(
    modelyard: Modelyard, child: Path
) -> None:
    before = state(child)
    done = modelyard("update", child, "--branch", BRANCH, "--push", "https://T0KEN@127.0.0.1:9/x")
    assert (done.returncode, state(child)) == (1, before)
    assert "error: https://127.0.0.1:9/x cannot be reached" in done.stderr
    assert "T0KEN" not in done.stderr


def test_the_branch_to_update_is_not_the_branch_of_the_proposal(
    modelyard: Modelyard, child: Path
) -> None:
    git(child, "checkout", "--quiet", "-b", BRANCH)
    done = modelyard("update", child, "--branch", BRANCH)
    assert done.returncode == 1
    assert f"{BRANCH} is checked out in" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--push", "origin"], 2, "--push requires --branch"),
        (["--branch", "b", "--push-option", "x"], 2, "--push-option requires --push"),
        (["--branch", "a..b"], 1, "--branch is 'a..b', must be a valid name"),
    ],
)
def test_wrong_options_are_refused(
    modelyard: Modelyard, child: Path, words: list[str], code: int, reason: str
) -> None:
    done = modelyard("update", child, *words)
    assert done.returncode == code
    assert reason in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interrupted_push_says_what_is_left(
    child: Path, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposal, "push", interrupt)
    with pytest.raises(Interrupted, match=f"branch {BRANCH} is the update here"):
        proposal.propose(read_project(child, None), Wanted(), BRANCH, Remote("origin"), silent)
    assert proposed_branch.commit_of_others(child, tip(child)) == ""
    assert tip(origin) == ""


def interrupt(*_: object) -> None:
    """Interrupt this process, as Ctrl+C does."""
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
