"""Tests for `modelyard check` on git repositories, through the command line."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from copier import run_update

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate


def checked(modelyard: Modelyard, project: Path, code: int) -> dict[str, Any]:
    done = modelyard("check", project, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def edit(project: Path, name: str, old: str, new: str) -> None:
    text = (project / name).read_text("utf-8")
    assert old in text
    (project / name).write_text(text.replace(old, new, 1), "utf-8")


def test_a_project_of_the_newest_release_is_current(
    modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    project = generate(family, tmp_path / "project", "v2.0.0")
    edit(project, "text.txt", "line 2\n", "line two\n")
    found = checked(modelyard, project, 0)
    assert (found["version"], found["newest"], found["behind"]) == ("v2.0.0", "v2.0.0", False)
    assert found["files"]["edited"] == ["text.txt"]


def test_a_project_behind_is_shown_what_an_update_changes(
    modelyard: Modelyard, child: Path
) -> None:
    found = checked(modelyard, child, 10)
    files = found["files"]
    assert files["added"] == ["fresh.txt", "sub/renamed.txt"]
    assert files["changed"] == ["picture.bin", "text.txt"]
    assert files["removed"] == ["dropped.txt", "moved.txt"]
    assert found["changelog"] == [
        "## 2.0.0",
        "- **Renamed** `moved.txt` → `sub/renamed.txt`",
        "- **Dropped** `dropped.txt`: nobody read it",
        "- `text.txt` counts [in words]",
    ]
    assert files["edited"] == files["deleted"] == files["conflicts"] == files["losses"] == []


def test_an_edit_of_other_lines_than_the_templates_is_no_conflict(
    modelyard: Modelyard, child: Path
) -> None:
    edit(child, "text.txt", "line 12\n", "line twelve\n")
    assert checked(modelyard, child, 10)["files"]["edited"] == ["text.txt"]


def test_an_edit_of_a_line_that_the_template_changed_is_a_conflict(
    modelyard: Modelyard, child: Path
) -> None:
    edit(child, "text.txt", "line 6\n", "line VI\n")
    assert checked(modelyard, child, 20)["files"]["conflicts"] == ["text.txt"]


def test_a_file_that_the_new_version_also_has_is_a_conflict(
    modelyard: Modelyard, child: Path
) -> None:
    (child / "fresh.txt").write_text("mine\n", "utf-8")
    assert checked(modelyard, child, 20)["files"]["conflicts"] == ["fresh.txt"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("dropped.txt", "dropped"),
        ("moved.txt", "renamed to sub/renamed.txt"),
        ("picture.bin", "binary"),
        ("emblem.bin", "binary"),
    ],
)
def test_an_edit_that_would_be_lost_is_reported(
    modelyard: Modelyard, child: Path, name: str, why: str
) -> None:
    (child / name).write_bytes((child / name).read_bytes() + b"mine\n")
    assert checked(modelyard, child, 30)["files"]["losses"] == [{"file": name, "why": why}]


def test_yours_and_deleted_files_are_not_at_risk(modelyard: Modelyard, child: Path) -> None:
    (child / "yours.txt").write_text("mine\n", "utf-8")
    (child / "text.txt").unlink()
    (child / "dropped.txt").unlink()
    files = checked(modelyard, child, 10)["files"]
    assert (files["edited"], files["deleted"]) == ([], ["dropped.txt", "text.txt"])


def test_the_text_output_shows_the_same_result(modelyard: Modelyard, child: Path) -> None:
    edit(child, "dropped.txt", "dropped", "mine")
    edit(child, "text.txt", "line 6\n", "line VI\n")
    output = modelyard("check", child).stdout
    assert "project at v1.0.0, newest release v2.0.0" in output
    assert "Conflicts in an update:\n  text.txt\n" in output
    assert "would silently lose:\n  dropped.txt (dropped)\n" in output
    assert "  - `text.txt` counts [in words]\n" in output


def test_a_check_changes_nothing(modelyard: Modelyard, child: Path) -> None:
    edit(child, "text.txt", "line 6\n", "line VI\n")
    before = git(child, "status", "--porcelain"), git(child, "rev-parse", "HEAD")
    checked(modelyard, child, 20)
    assert (git(child, "status", "--porcelain"), git(child, "rev-parse", "HEAD")) == before


EDITABLE = [
    "text.txt",
    "same.txt",
    "named.txt",
    "moved.txt",
    "dropped.txt",
    "picture.bin",
    "fresh.txt",
]


@pytest.mark.parametrize("seed", range(6))
def test_the_predicted_result_is_that_of_copier_update(
    modelyard: Modelyard, child: Path, seed: int
) -> None:
    draw = random.Random(seed)
    mine = {}
    for name in draw.sample(EDITABLE, 3):
        content = (child / name).read_bytes() if (child / name).exists() else b"fresh or mine\n"
        lines = content.splitlines(keepends=True)
        lines[draw.randrange(len(lines))] += b"planted %d\n" % draw.randrange(10**9)
        mine[name] = b"".join(lines)
        (child / name).write_bytes(mine[name])
    commit(child, "Edits")
    done = modelyard("check", child, "--json")
    files = json.loads(done.stdout)["files"]
    run_update(child, defaults=True, overwrite=True, quiet=True, unsafe=False)

    planted = {
        name: [line for line in content.splitlines() if b"planted" in line]
        for name, content in mine.items()
    }
    after = {name: (child / name).read_bytes() if (child / name).exists() else b"" for name in mine}
    lost = {
        name for name, lines in planted.items() if any(line not in after[name] for line in lines)
    }
    assert {loss["file"] for loss in files["losses"]} == lost
    assert set(files["conflicts"]) == {name for name in mine if b"<<<<<<<" in after[name]}
