"""Several projects in one repository: each is checked, updated, and reported on its own."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.fleets import file_at
from tests.lifecycle.repository_state import state
from tests.lifecycle.small_template import generate

PROJECTS = ["ml/a", "ml/b"]


@pytest.fixture
def monorepo(family: Path, tmp_path: Path) -> Path:
    """A repository with two projects and other files."""
    top = tmp_path / "mono"
    for name in PROJECTS:
        shutil.rmtree(generate(family, top / name) / ".git")
    (top / "readme.txt").write_text("ours\n", "utf-8")
    commit(top, "Two projects")
    git(top, "branch", "--move", "--force", "main")
    return top


def conflict(monorepo: Path, name: str) -> None:
    """Edit a line of a project that the template changes."""
    text = monorepo / name / "text.txt"
    text.write_text(text.read_text("utf-8").replace("line 6\n", "line VI\n"), "utf-8")
    commit(monorepo, "Mine")


def rows(modelyard: Modelyard, *words: str | Path) -> list[dict[str, Any]]:
    done = modelyard("fleet", *words, "--json")
    assert done.returncode in (0, 20), done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("where", [".", "ml", "ml/b"])
def test_each_project_is_reported(modelyard: Modelyard, monorepo: Path, where: str) -> None:
    conflict(monorepo, "ml/b")
    found = {row["name"]: row["state"] for row in rows(modelyard, "report", monorepo / where)}
    assert (
        found
        == {
            ".": {"mono/ml/a": "behind", "mono/ml/b": "would conflict"},
            "ml": {"ml/a": "behind", "ml/b": "would conflict"},
            "ml/b": {"b": "would conflict"},
        }[where]
    )


def test_a_project_at_the_top_is_reported_as_before(
    modelyard: Modelyard, child: Path, family: Path
) -> None:
    assert [row["name"] for row in rows(modelyard, "report", child)] == ["project"]
    shutil.rmtree(generate(family, child / "inner", "v2.0.0") / ".git")
    commit(child, "One more")
    found = {row["name"]: row["state"] for row in rows(modelyard, "report", child)}
    assert found == {"project": "behind", "project/inner": "current"}


@pytest.mark.parametrize("branch", [None, "template-update"])
def test_each_project_gets_a_branch_of_its_own(
    modelyard: Modelyard, monorepo: Path, branch: str | None
) -> None:
    head = git(monorepo, "rev-parse", "HEAD")
    words = ["--branch", branch] if branch else []
    found = rows(modelyard, "update", monorepo, *words)
    assert [row["state"] for row in found] == ["prepared", "prepared"], found
    name = branch or "modelyard-v2.0.0"
    assert [row["branch"] for row in found] == [f"{name}-ml-a", f"{name}-ml-b"]
    for row, own, other in zip(found, PROJECTS, reversed(PROJECTS), strict=True):
        changed = git(monorepo, "diff", "--name-only", f"main...{row['branch']}").splitlines()
        assert all(file.startswith(f"{own}/") for file in changed)
        assert "line six\n" in file_at(monorepo, row["branch"], f"{own}/text.txt")
        assert "line 6\n" in file_at(monorepo, row["branch"], f"{other}/text.txt")
        git(monorepo, "merge", "--quiet", "--no-edit", row["branch"])
    assert git(monorepo, "merge-base", head.strip(), "HEAD") == head
    assert [row["state"] for row in rows(modelyard, "update", monorepo)] == ["current"] * 2


def test_a_second_run_finds_both_branches(modelyard: Modelyard, monorepo: Path) -> None:
    first = rows(modelyard, "update", monorepo)
    assert rows(modelyard, "update", monorepo) == first
    git(monorepo, "merge", "--quiet", "--ff-only", first[0]["branch"])
    again = rows(modelyard, "update", monorepo)
    assert [row["state"] for row in again] == ["current", "prepared"]
    assert again[1] == first[1]


def test_projects_are_updated_one_after_the_other_even_if_one_has_conflicts(
    modelyard: Modelyard, monorepo: Path
) -> None:
    conflict(monorepo, "ml/a")
    assert modelyard("check", monorepo / "ml" / "a").returncode == 20
    assert modelyard("check", monorepo / "ml" / "b").returncode == 10
    assert modelyard("update", monorepo / "ml" / "a").returncode == 20
    done = modelyard("update", monorepo / "ml" / "b")
    assert done.returncode == 0, done.stderr
    assert "line six\n" in (monorepo / "ml" / "b" / "text.txt").read_text("utf-8")
    assert "line VI\n" in (monorepo / "ml" / "a" / "text.txt").read_text("utf-8")


def test_the_diff_of_one_project_leaves_out_the_other(modelyard: Modelyard, monorepo: Path) -> None:
    before = state(monorepo)
    done = modelyard("check", monorepo / "ml" / "b", "--diff")
    assert done.returncode == 10, done.stderr
    files = {line.split(" b/", 1)[1] for line in done.stdout.splitlines() if " b/" in line}
    assert "ml/b/text.txt" in files
    assert not any("ml/a/" in file for file in files)
    assert state(monorepo) == before
