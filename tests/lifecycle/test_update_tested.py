"""`modelyard update --test`: the project's fast tests decide whether its branch moves."""

import os
import sys
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state

# What `uv run` does, but for the environment: these tests need none of the project's packages.
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


def test_where_they_fail_the_branch_stays(modelyard: Modelyard, tested: Path) -> None:
    project = with_test(tested, "line 6")
    head, files = git(project, "rev-parse", "HEAD"), state(project)
    done = modelyard("update", project, "--test")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    aside = project.with_name("project-modelyard-v2.0.0")
    assert "the project's tests fail: 1 failed in " in done.stderr
    assert f"look at {aside}, your branch is as it was" in done.stderr
    assert git(project, "rev-parse", "HEAD") == head
    assert {name: held for name, held in state(project).items() if name in files} | {
        name: files[name] for name in ("worktrees", "branches and tags")
    } == files
    assert "line six" in (aside / "text.txt").read_text("utf-8")


def test_where_they_pass_the_update_goes_on(modelyard: Modelyard, tested: Path) -> None:
    project = with_test(tested, "line six")
    done = modelyard("update", project, "--test")
    assert done.returncode == 0, done.stderr
    assert "the project's fast tests pass" in done.stdout
    assert "line six" in (project / "text.txt").read_text("utf-8")
    assert git(project, "status", "--porcelain") == ""


def test_without_the_option_they_do_not_run(modelyard: Modelyard, tested: Path) -> None:
    assert modelyard("update", with_test(tested, "line 6")).returncode == 0


def test_an_ignored_file_in_the_way_stays_and_the_update_aside(
    modelyard: Modelyard, child: Path
) -> None:
    """The template's file comes into a folder that the project ignores only on this machine."""
    (child / ".git" / "info" / "exclude").write_text("sub/\n", "utf-8")
    (child / "sub").mkdir()
    (child / "sub" / "renamed.txt").write_text("mine\n", "utf-8")
    done = modelyard("update", child)
    assert (child / "sub" / "renamed.txt").read_text("utf-8") == "mine\n"
    assert done.returncode in (0, 1)
    assert done.returncode == 0 or "renamed.txt" in done.stderr
