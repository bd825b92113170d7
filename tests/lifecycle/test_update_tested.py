"""Tests for `modelyard update --test`: the branch moves only if the project's tests pass."""

import os
import sys
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state

# `uv run` without the project's environment, of which these tests need no package.
UV = '#!/bin/sh\nshift\nexec "$@"\n'
TEST = """\
from pathlib import Path


def test_text():
    assert "{words}" in Path("text.txt").read_text()
"""


@pytest.fixture
def tested(child: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project without tests yet, with a `uv` on PATH."""
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV, "utf-8")
    uv.chmod(0o755)
    tools = [str(uv.parent), str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(tools))
    return child


def with_test(project: Path, words: str) -> Path:
    (project / "test_text.py").write_text(TEST.format(words=words), "utf-8")
    (project / ".gitignore").write_text("__pycache__/\n.pytest_cache/\n", "utf-8")
    commit(project, "A test")
    return project


def test_failing_tests_leave_the_branch_unchanged(modelyard: Modelyard, tested: Path) -> None:
    project = with_test(tested, "line 6")
    head, files = git(project, "rev-parse", "HEAD"), state(project)
    done = modelyard("update", project, "--test")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    worktree = project.with_name("project-modelyard-v2.0.0")
    assert "the project's tests fail: 1 failed in " in done.stderr
    assert f"inspect {worktree}; your branch is unchanged" in done.stderr
    assert git(project, "rev-parse", "HEAD") == head
    assert {name: content for name, content in state(project).items() if name in files} | {
        name: files[name] for name in ("worktrees", "branches and tags")
    } == files
    assert "line six" in (worktree / "text.txt").read_text("utf-8")


def test_passing_tests_let_the_branch_move(modelyard: Modelyard, tested: Path) -> None:
    project = with_test(tested, "line six")
    done = modelyard("update", project, "--test")
    assert done.returncode == 0, done.stderr
    assert "the project's fast tests pass" in done.stdout
    assert "line six" in (project / "text.txt").read_text("utf-8")
    assert git(project, "status", "--porcelain") == ""


def test_without_the_option_tests_do_not_run(modelyard: Modelyard, tested: Path) -> None:
    assert modelyard("update", with_test(tested, "line 6")).returncode == 0


def test_a_locally_ignored_file_is_not_overwritten(modelyard: Modelyard, child: Path) -> None:
    """The template adds a file in a folder that only this clone ignores."""
    (child / ".git" / "info" / "exclude").write_text("sub/\n", "utf-8")
    (child / "sub").mkdir()
    (child / "sub" / "renamed.txt").write_text("mine\n", "utf-8")
    done = modelyard("update", child)
    assert (child / "sub" / "renamed.txt").read_text("utf-8") == "mine\n"
    assert done.returncode in (0, 1)
    assert done.returncode == 0 or "renamed.txt" in done.stderr


def test_the_tests_run_in_an_environment_of_the_worktree(
    modelyard: Modelyard, tested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_FROZEN", "GIT_DIR"):
        monkeypatch.setenv(name, "/nowhere")
    test = (
        "import os\n\n\ndef test_environment():\n    assert '/nowhere' not in os.environ.values()\n"
    )
    (tested / "test_environment.py").write_text(test, "utf-8")
    with monkeypatch.context() as context:
        context.delenv("GIT_DIR")
        commit(tested, "A test")
    done = modelyard("update", tested, "--test")
    assert done.returncode == 0, done.stderr
