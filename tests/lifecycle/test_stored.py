"""Line ends and filters such as LFS make no file edited, and hide no edit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard

UNEDITED = ("text.txt", "moved.txt", "dropped.txt")
FILTER = '[filter "upper"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n\trequired = true\n'


@pytest.fixture
def clone(child: Path, tmp_path: Path, user_settings: Callable[[str], None]) -> Path:
    """A clone of a project by a user whose git writes CRLF."""
    user_settings(f"[core]\n\tautocrlf = true\n\tsafecrlf = true\n{FILTER}")
    git(tmp_path, "clone", "--quiet", str(child), "clone")
    assert b"\r\n" in (tmp_path / "clone" / "text.txt").read_bytes()
    return tmp_path / "clone"


def checked(modelyard: Modelyard, project: Path) -> dict[str, Any]:
    """Return what `modelyard check` finds of the files of a project."""
    done = modelyard("check", project, "--json")
    assert done.stdout, done.stderr
    files: dict[str, Any] = json.loads(done.stdout)["files"]
    return files


def test_no_file_of_a_clone_with_other_line_ends_is_edited(
    modelyard: Modelyard, clone: Path
) -> None:
    found = checked(modelyard, clone)
    assert (found["edited"], found["conflicts"], found["losses"]) == ([], [], [])
    assert modelyard("update", clone).returncode == 0
    assert [name for name in UNEDITED[1:] if (clone / name).exists()] == []


def test_an_edit_with_other_line_ends_is_found_and_is_no_conflict(
    modelyard: Modelyard, clone: Path
) -> None:
    text = clone / "text.txt"
    text.write_bytes(text.read_bytes() + b"mine\r\n")
    found = checked(modelyard, clone)
    assert (found["edited"], found["conflicts"]) == (["text.txt"], [])
    commit(clone, "Mine")
    assert modelyard("update", clone).returncode == 0
    stored = git(clone, "show", "HEAD:text.txt")
    assert "line six\n" in stored
    assert stored.endswith("mine\n")


def test_a_conflict_with_other_line_ends_is_found(modelyard: Modelyard, clone: Path) -> None:
    text = clone / "text.txt"
    text.write_bytes(text.read_bytes().replace(b"line 6\r\n", b"line VI\r\n"))
    assert checked(modelyard, clone)["conflicts"] == ["text.txt"]


@pytest.mark.parametrize("edit", ["", "mine\n"], ids=["unedited", "edited"])
def test_a_filtered_file_is_edited_only_if_what_git_stores_is(
    edit: str, modelyard: Modelyard, clone: Path
) -> None:
    (clone / ".gitattributes").write_text("same.txt filter=upper\n", "utf-8")
    (clone / "same.txt").write_text(f"Same\n{edit}", "utf-8")  # git stores the same as of "same"
    git(clone, "config", "core.safecrlf", "false")
    commit(clone, "A filter")
    assert git(clone, "show", "HEAD:same.txt") == f"SAME\n{edit.upper()}"
    assert checked(modelyard, clone)["edited"] == (["same.txt"] if edit else [])


def test_a_failing_filter_is_an_error(modelyard: Modelyard, clone: Path) -> None:
    (clone / ".gitattributes").write_text("same.txt filter=upper\n", "utf-8")
    (clone / "same.txt").write_text("other\n", "utf-8")
    git(clone, "config", "filter.upper.clean", "false")
    done = modelyard("check", clone)
    assert done.returncode == 1
    assert "external filter 'false' failed" in done.stderr
