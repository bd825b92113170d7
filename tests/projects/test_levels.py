"""A project changes between the automation levels; its code, edits and model stay."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.checkout import WITHOUT_VENV, commit, git, tree
from tests.conftest import EVERY_TARGET, Render
from tests.edited_projects import MINE, changes, edited, unmerged, update, yours
from tests.template.test_raise_level import MAY_CHANGE
from tools.steps import environment

LEVELS = [2, 1, 2, 3, 1, 3]  # from level 3: each of the six changes once
KEPT = ("scripts/check.sh", "README.md")


@pytest.fixture(scope="module")
def edited_project(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained project after its users edited their own files and some of the template's."""
    project = tmp_path_factory.mktemp("levels") / "project"
    shutil.copytree(trained, project, ignore=WITHOUT_VENV)
    for file in (*yours(project), *(project / name for name in KEPT)):
        if file.suffix not in (".parquet", ".jsonl"):
            file.write_bytes(edited(file.suffix, file.read_bytes()))
    params = project / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("rounds: 60", "rounds: 61"), "utf-8")
    dvc(project, "repro")
    dvc(project, "repro", "--force", "--single-item", "gate")  # now without a serving model
    commit(project, "Ours now")
    return project


@pytest.fixture(scope="module")
def changed(edited_project: Path) -> Path:
    """The project after all six changes of level, each of which was checked."""
    before = 3
    for level in LEVELS:
        change_level(edited_project, before, level)
        before = level
    return edited_project


def dvc(project: Path, *words: str) -> str:
    """Run DVC in a project.

    Raises:
        AssertionError: it failed.
    """
    command = ["uv", "run", "dvc", *words]
    done = subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(project: Path) -> dict[str, bytes]:
    """Return the contents of all tracked files."""
    return {name: (project / name).read_bytes() for name in tree(project)}


def change_level(project: Path, before: int, level: int) -> None:
    """Change the level, and check that only files of the level have changed.

    Raises:
        AssertionError: it changed more.
    """
    old, models = files(project), (project / "models" / "model.onnx").read_bytes()

    update(project, automation_level=level)

    name = f"{before} to {level}"
    touched = changes(project)
    assert list(unmerged(project)) == [], name
    assert {how for how in touched.values()} <= {"M", "A" if level > before else "D"}, name
    assert {one for one, how in touched.items() if how == "M"} <= MAY_CHANGE, name
    kept = [one for one in old if MINE.encode() in old[one] and one not in touched]
    assert {one: (project / one).read_bytes() for one in kept} == {one: old[one] for one in kept}
    assert all(MINE.strip() in (project / one).read_text("utf-8") for one in KEPT), name
    assert "rounds: 61" in (project / "params.yaml").read_text("utf-8"), name
    stale = json.loads(dvc(project, "status", "--json"))
    assert [*stale] == (["gate"] if 1 in (before, level) else []), name
    if stale:
        dvc(project, "repro")
    assert (project / "models" / "model.onnx").read_bytes() == models
    commit(project, f"Level {level}")


@pytest.mark.slow
def test_all_six_changes_of_level_keep_code_edits_and_model(changed: Path) -> None:
    """`change_level` checks each change; at the end the project equals its beginning."""
    assert "automation_level: 3" in (changed / ".copier-answers.yml").read_text("utf-8")
    assert git(changed, "diff", "--stat", f"HEAD~{len(LEVELS)}", "HEAD") == ""


@pytest.mark.slow
def test_the_model_tests_of_the_project_pass_after_all_changes(changed: Path) -> None:
    """The files are unchanged, as the test above checks; they passed all tests before."""
    command = ["uv", "run", "pytest", "-q", "tests/test_model.py", "tests/test_pipeline.py"]
    done = subprocess.run(command, cwd=changed, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.slow
def test_an_edited_file_missing_at_a_lower_level_can_be_restored(
    changed: Path, tmp_path: Path
) -> None:
    """Copier deletes it; the page describes how to notice that before the commit and restore it."""
    project = Path(shutil.copytree(changed, tmp_path / "project", ignore=WITHOUT_VENV))
    script = project / "scripts" / "reproduce.sh"
    script.write_text(script.read_text("utf-8") + MINE, "utf-8")
    commit(project, "Our own")

    update(project, automation_level=1)

    assert not script.exists()
    lost = git(project, "diff", "HEAD", "--name-only", "--diff-filter=D").split()
    assert "scripts/reproduce.sh" in lost
    git(project, "checkout", "HEAD", "--", "scripts/reproduce.sh")
    assert script.read_text("utf-8").endswith(MINE)


@pytest.mark.parametrize("ci_host", ["github", "gitlab"])
def test_edited_files_of_a_higher_level_are_excluded_or_listed_as_deleted(
    ci_host: str, render: Render, tmp_path: Path
) -> None:
    three, one = (
        EVERY_TARGET | {"automation_level": level, "ci_host": ci_host} for level in (3, 1)
    )
    project = Path(shutil.copytree(render(three), tmp_path / "project"))
    callers = sorted({*tree(project)} - {*tree(render(one))})
    for name in callers:
        (project / name).write_text((project / name).read_text("utf-8") + MINE, "utf-8")
    commit(project, "Ours now")
    edits = files(project)

    update(project, exclude=["/scripts/retrain.sh"], automation_level=1)

    lost = git(project, "diff", "HEAD", "--name-only", "--diff-filter=D").splitlines()
    assert sorted([*lost, "scripts/retrain.sh"]) == callers
    git(project, "checkout", "HEAD", "--", *lost)
    assert {name: (project / name).read_bytes() for name in callers} == {
        name: edits[name] for name in callers
    }


def test_a_users_file_named_like_one_of_the_level_is_a_conflict(
    render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render({"automation_level": 1}), tmp_path / "project"))
    script = project / "scripts" / "retrain.sh"
    script.write_text("#!/bin/sh\necho mine\n", "utf-8")
    commit(project, "Initial commit, with a script")

    update(project, automation_level=2)

    assert git(project, "diff", "--name-only", "--diff-filter=U").split() == ["scripts/retrain.sh"]
    assert "echo mine" in script.read_text("utf-8")


PACKAGES = {"canary", "cli", "models", "params_release.py", "registry", "retraining"}
PACKAGES |= {"evidence", "testing"}  # the ledger of what ran


def test_a_level_contains_the_one_below_and_adds_none_of_the_users_files(render: Render) -> None:
    """A level adds files of the runtime and its callers, and none of the user's."""
    one, two, three = (
        {*tree(render(EVERY_TARGET | {"automation_level": level}))} for level in (1, 2, 3)
    )
    assert one < two < three
    parts = ("src/modelyard/", "scripts/", "deployment/", ".github/")
    assert [name for name in three - one if not name.startswith(parts)] == []
    packages = {name.split("/")[2] for name in three - one if name.startswith("src/modelyard/")}
    assert packages == PACKAGES
