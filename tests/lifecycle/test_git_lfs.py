"""Projects whose binary files are in Git LFS, with the real program."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate

LFS = """\
[filter "lfs"]
	clean = git-lfs clean -- %f
	smudge = git-lfs smudge -- %f
	process = git-lfs filter-process
	required = true
"""
POINTER = "version https://git-lfs.github.com/spec/v1\n"
pytestmark = pytest.mark.skipif(
    not (shutil.which("git-lfs") or os.environ.get("CI")), reason="needs git-lfs"
)


@pytest.fixture
def project(
    family: Path,
    tmp_path: Path,
    user_settings: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A project with an origin, whose binary files are in LFS."""
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")  # packages of LFS change it
    user_settings(LFS)
    project = generate(family, tmp_path / "project")
    (project / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n", "utf-8")
    git(project, "add", "--renormalize", ".")
    commit(project, "Store binary files in LFS")
    assert git(project, "show", "HEAD:picture.bin").startswith(POINTER)
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(project, "remote", "add", "origin", (tmp_path / "origin.git").as_uri())
    git(project, "lfs", "push", "--all", "origin")
    git(project, "push", "--quiet", "origin", "HEAD:main")
    return project


def clone(project: Path) -> Path:
    """Clone the project's origin."""
    origin = project.with_name("origin.git").as_uri()
    git(project.parent, "clone", "--quiet", "--branch", "main", origin, "clone")
    return project.with_name("clone")


def files(modelyard: Modelyard, project: Path) -> dict[str, Any]:
    """Return what `modelyard check` finds of a project's files."""
    done = modelyard("check", project, "--json")
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["files"]
    return found


def test_an_unedited_file_is_updated_and_stored_in_lfs(modelyard: Modelyard, project: Path) -> None:
    copy = clone(project)
    assert (copy / "picture.bin").read_bytes() == (project / "picture.bin").read_bytes()
    found = files(modelyard, copy)
    assert (found["edited"], found["conflicts"], found["losses"]) == ([], [], [])
    done = modelyard("update", copy)
    assert done.returncode == 0, done.stderr
    assert (copy / "picture.bin").read_bytes() == b"\0two"
    assert git(copy, "show", "HEAD:picture.bin").startswith(POINTER)
    assert git(copy, "status", "--porcelain") == ""
    assert "picture.bin" in git(copy, "lfs", "ls-files")


def test_an_edited_file_is_kept_and_named(modelyard: Modelyard, project: Path) -> None:
    copy = clone(project)
    (copy / "picture.bin").write_bytes(b"\0mine")
    commit(copy, "Mine")
    done = modelyard("update", copy)
    assert done.returncode == 0, done.stderr
    assert "picture.bin: your version is kept" in done.stdout + done.stderr
    assert (copy / "picture.bin").read_bytes() == b"\0mine"
    assert git(copy, "show", "HEAD:picture.bin").startswith(POINTER)


def test_a_clone_without_the_contents_is_checked_and_updated(
    modelyard: Modelyard, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_LFS_SKIP_SMUDGE", "1")
    copy = clone(project)
    assert (copy / "picture.bin").read_text("utf-8").startswith(POINTER)
    found = files(modelyard, copy)
    assert (found["edited"], found["conflicts"], found["losses"]) == ([], [], [])
    done = modelyard("update", copy)
    assert done.returncode == 0, done.stderr
    assert git(copy, "status", "--porcelain") == ""
    assert git(copy, "cat-file", "--filters", "HEAD:picture.bin").startswith(POINTER)
    assert git(copy, "show", "HEAD:picture.bin") != git(project, "show", "HEAD:picture.bin")


def test_contents_that_are_lost_stop_the_update_and_change_nothing(
    modelyard: Modelyard, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as skipping:
        skipping.setenv("GIT_LFS_SKIP_SMUDGE", "1")
        copy = clone(project)
    shutil.rmtree(project.with_name("origin.git") / "lfs")
    before = git(copy, "rev-parse", "HEAD")
    done = modelyard("update", copy)
    assert done.returncode == 1
    assert "lfs" in done.stderr
    assert git(copy, "rev-parse", "HEAD") == before
    assert git(copy, "worktree", "list").count("\n") <= 1


def test_without_the_program_pointers_are_not_edited_and_are_not_replaced_by_contents(
    modelyard: Modelyard, project: Path, user_settings: Callable[[str], None]
) -> None:
    user_settings("")
    copy = clone(project)
    assert (copy / "picture.bin").read_text("utf-8").startswith(POINTER)
    found = files(modelyard, copy)
    assert (found["edited"], found["conflicts"], found["losses"]) == ([], [], [])
    before = git(copy, "rev-parse", "HEAD")
    done = modelyard("update", copy)
    assert done.returncode == 1
    assert "emblem.bin is stored in Git LFS, which is not installed here" in done.stderr
    assert git(copy, "rev-parse", "HEAD") == before
    assert git(copy, "status", "--porcelain") == ""
