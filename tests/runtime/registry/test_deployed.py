"""The deployed version is committed on the remote's default branch, whoever pushes meanwhile."""

from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.registry import deployed
from modelyard.registry.git import run_git

from tests.runtime.registered import commit, git

IMAGES = {"rest": "host:5000/team/flights-rest:v0.1.0@sha256:" + "a" * 64}
FILE = deployed.KUSTOMIZATION.as_posix()


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bare repository with the branch `trunk`; a clone of it is the working folder."""
    seed, bare, clone = tmp_path / "seed", tmp_path / "origin.git", tmp_path / "clone"
    seed.mkdir()
    monkeypatch.chdir(seed)
    git("init", "--quiet", "--initial-branch=trunk")
    Path("README.md").touch()
    commit("Initial commit")
    git("clone", "--quiet", "--bare", ".", str(bare))
    git("clone", "--quiet", str(bare), str(clone))
    monkeypatch.chdir(clone)
    return bare


def log(origin: Path) -> list[str]:
    """Return the subjects of the default branch's commits, the newest first."""
    return git("log", "--format=%s", "trunk", folder=origin).splitlines()


def test_the_deployed_version_is_committed_once_and_the_clone_follows(origin: Path) -> None:
    for _ in range(2):
        text = deployed.update("v0.1.0", IMAGES, push=True)
        assert text == "deployment/prod names v0.1.0 in origin/trunk"
    assert log(origin) == ["Deploy v0.1.0", "Initial commit"]
    changed = git("show", "--name-only", "--format=", "trunk", folder=origin).split()
    assert changed == [deployed.ENVIRONMENT.as_posix(), FILE]
    assert deployed.deployed_version() == "v0.1.0"
    assert git("status", "--porcelain") == ""
    assert len(git("worktree", "list").splitlines()) == 1


def test_a_job_at_a_tag_keeps_its_commit_and_files(origin: Path) -> None:
    git("checkout", "--quiet", "--detach")
    Path("made.txt").touch()
    head = git("rev-parse", "HEAD")
    deployed.update("v0.1.0", IMAGES, push=True)
    assert (git("rev-parse", "HEAD"), Path(FILE).exists()) == (head, False)
    assert git("status", "--porcelain") == "?? made.txt\n"
    assert log(origin)[0] == "Deploy v0.1.0"


def test_a_push_of_somebody_else_meanwhile_is_kept(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = tmp_path / "colleague"
    git("clone", "--quiet", str(origin), str(colleague))
    pushes: list[str] = []

    def late(*words: str) -> object:
        if words[0] == "push" and len(pushes) < 2:
            pushes.append(words[-1])
            git("commit", "--allow-empty", "--quiet", "--message", "Meanwhile", folder=colleague)
            git("push", "--quiet", "origin", "trunk", folder=colleague)
        return run_git(*words)

    monkeypatch.setattr(deployed, "run_git", late)
    deployed.update("v0.1.0", IMAGES, push=True)
    assert log(origin) == ["Deploy v0.1.0", "Meanwhile", "Meanwhile", "Initial commit"]


def test_a_rejected_push_is_an_error_and_leaves_no_working_tree(origin: Path) -> None:
    hook = origin / "hooks" / "update"
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    with pytest.raises(UserError, match=r"git push to trunk: .*; the registry has the event"):
        deployed.update("v0.1.0", IMAGES, push=True)
    assert len(git("worktree", "list").splitlines()) == 1
    assert log(origin) == ["Initial commit"]


@pytest.mark.usefixtures("origin")
def test_the_users_hooks_and_signature_do_not_stop_it() -> None:
    hook = Path(".git/hooks/pre-commit")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    git("config", "commit.gpgSign", "true")
    deployed.update("v0.1.0", IMAGES, push=True)
    assert deployed.deployed_version() == "v0.1.0"


@pytest.mark.usefixtures("origin")
def test_without_push_only_the_files_are_written() -> None:
    text = deployed.update("v0.1.0", IMAGES, push=False)
    assert text == "deployment/prod names v0.1.0; commit and push it"
    assert deployed.deployed_version() == "v0.1.0"
    assert git("status", "--porcelain") == "?? deployment/\n"


def test_a_project_in_a_folder_of_a_repository_writes_there(
    origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("models/flights").mkdir(parents=True)
    monkeypatch.chdir("models/flights")
    deployed.update("v0.1.0", IMAGES, push=True)
    found = git("show", "--name-only", "--format=", "trunk", folder=origin).split()
    assert f"models/flights/{FILE}" in found
