"""Tests for `modelyard fleet update` on git repositories, through the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.fleets import file_at

BRANCH = "modelyard-v2.0.0"


def rows(modelyard: Modelyard, code: int, *words: str | Path) -> dict[str, dict[str, Any]]:
    done = modelyard("fleet", "update", *words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)}


def states(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: row["state"] for name, row in found.items()}


def visible_state(project: Path) -> tuple[str, str, str, int]:
    """Return a repository's commit, branch, changed files and number of worktrees."""
    return (
        git(project, "rev-parse", "HEAD"),
        git(project, "symbolic-ref", "HEAD"),
        git(project, "status", "--porcelain"),
        len(git(project, "worktree", "list").splitlines()),
    )


def test_each_repository_gets_a_branch_and_its_own_does_not_move(
    modelyard: Modelyard, team: Path
) -> None:
    projects = team / "projects"
    before = {project.name: visible_state(project) for project in projects.iterdir()}
    found = rows(modelyard, 20, projects)
    assert states(found) == {
        "churn": "conflicts", "delays": "current", "demand": "prepared", "prices": "prepared",
    }  # fmt: skip
    assert found["churn"]["conflicts"] == ["text.txt"]
    assert found["demand"]["kept"] == ["dropped.txt: your version is kept; the template dropped it"]
    for name in ("demand", "prices"):
        assert git(projects / name, "rev-parse", f"{BRANCH}^").strip() == before[name][0].strip()
        assert "line six\n" in file_at(projects / name, BRANCH, "text.txt")
        assert "v2.0.0" in file_at(projects / name, BRANCH, ".copier-answers.yml")
    assert file_at(projects / "demand", BRANCH, "dropped.txt") == "mine\n"
    assert git(projects / "churn", "branch", "--list", BRANCH) == ""
    assert {project.name: visible_state(project) for project in projects.iterdir()} == before


@pytest.mark.slow
def test_a_second_run_finds_the_prepared_branches(modelyard: Modelyard, team: Path) -> None:
    prices = team / "projects" / "prices"
    first = rows(modelyard, 0, prices)
    assert rows(modelyard, 0, prices)["prices"]["commit"] == first["prices"]["commit"]
    (prices / "same.txt").write_text("gone on\n", "utf-8")
    commit(prices, "Gone on")
    found = rows(modelyard, 20, prices)["prices"]
    assert found["state"] == "broken"
    assert f"branch {BRANCH} already exists" in found["fault"]


@pytest.mark.slow
def test_a_broken_repository_is_a_row_and_the_others_are_updated(
    modelyard: Modelyard, team: Path
) -> None:
    projects = team / "projects"
    (projects / "website").mkdir()
    commit(projects / "website", "No project")
    (projects / "demand" / "notes.txt").write_text("mine\n", "utf-8")
    found = rows(modelyard, 20, projects / "website", projects / "demand", projects / "prices")
    assert states(found) == {"website": "broken", "demand": "broken", "prices": "prepared"}
    assert "has no .copier-answers.yml" in found["website"]["fault"]
    assert (
        found["demand"]["fault"] == "notes.txt is not committed; commit, stash or remove it first"
    )
    assert git(projects / "demand", "branch", "--list", BRANCH) == ""


@pytest.mark.slow
def test_urls_are_cloned_and_the_limit_is_respected(modelyard: Modelyard, team: Path) -> None:
    lines = [f"file://{team}/origins/{name}.git" for name in ("prices", "demand", "gone")]
    (team / "addresses.txt").write_text("\n".join(lines), "utf-8")
    words: list[str | Path] = [
        team / "addresses.txt",
        "--into",
        team / "clones",
        "--branch",
        "our/update",
    ]
    found = rows(modelyard, 20, *words, "--limit", "1")
    assert states(found) == {"prices": "prepared", "demand": "later", "gone": "broken"}
    assert "cannot be cloned: fatal:" in found["gone"]["fault"]
    assert Path(found["prices"]["folder"]) == team / "clones" / "prices"
    again = rows(modelyard, 20, *words, "--limit", "1")
    assert states(again) == {"prices": "prepared", "demand": "prepared", "gone": "broken"}
    assert "line six\n" in file_at(team / "clones" / "demand", "our/update", "text.txt")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["file:///srv/a.git"], "file:///srv/a.git is a URL; choose a folder for clones: --into"),
        (["file:///srv/a.git", "file:///x/a.git", "--into", "c"], "both be cloned into a;"),
        (
            ["{prices}", "--branch", "a..b"],
            "--branch is 'a..b', must be a valid name of a git branch",
        ),
        (["/nowhere"], "/nowhere contains no git repository"),
    ],
)
def test_invalid_sources_and_options_are_refused(
    modelyard: Modelyard, team: Path, words: list[str], reason: str
) -> None:
    prices = team / "projects" / "prices"
    done = modelyard("fleet", "update", *(word.format(prices=prices) for word in words))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert reason in done.stderr
    assert git(prices, "branch", "--list").split() == ["*", "main"]


@pytest.mark.slow
def test_failing_tests_leave_no_branch(modelyard: Modelyard, team: Path) -> None:
    projects = team / "projects"
    for name, claim in (("prices", "True"), ("demand", "False")):
        (projects / name / "pyproject.toml").write_text(PROJECT, "utf-8")
        (projects / name / ".gitignore").write_text(".venv\n*.lock\n__pycache__\n", "utf-8")
        (projects / name / "test_it.py").write_text(f"def test_it(): assert {claim}\n", "utf-8")
        commit(projects / name, "A test")
    found = rows(modelyard, 20, projects / "prices", projects / "demand", "--test")
    assert states(found) == {"prices": "prepared", "demand": "broken"}
    assert "the project's tests fail: " in found["demand"]["fault"]
    assert git(projects / "demand", "branch", "--list", BRANCH) == ""
    assert visible_state(projects / "demand")[3] == 1


PROJECT = """\
[project]
name = "tested"
version = "0"
requires-python = ">=3.11"
dependencies = ["pytest"]
"""


# The page
