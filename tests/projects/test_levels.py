"""A project goes up and down the automation levels; its code, its edits and its model stay."""

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

MOVES = [2, 1, 2, 3, 1, 3]  # from level 3: each of the six moves once
KEPT = ("scripts/check.sh", "README.md")


@pytest.fixture(scope="module")
def lived_in(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained project, whose users edited what is theirs and some of what is ours."""
    project = tmp_path_factory.mktemp("levels") / "project"
    shutil.copytree(trained, project, ignore=WITHOUT_VENV)
    for file in (*yours(project), *(project / name for name in KEPT)):
        if file.suffix not in (".parquet", ".jsonl"):
            file.write_bytes(edited(file.suffix, file.read_bytes()))
    params = project / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("rounds: 60", "rounds: 61"), "utf-8")
    dvc(project, "repro")
    dvc(project, "repro", "--force", "--single-item", "gate")  # as after a move: no other served
    commit(project, "Ours now")
    return project


@pytest.fixture(scope="module")
def moved(lived_in: Path) -> Path:
    """The project after all six moves, each of which was looked at."""
    before = 3
    for level in MOVES:
        moves(lived_in, before, level)
        before = level
    return lived_in


def dvc(project: Path, *words: str) -> str:
    """Run DVC as users do.

    Raises:
        AssertionError: it failed.
    """
    command = ["uv", "run", "dvc", *words]
    done = subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(project: Path) -> dict[str, bytes]:
    """Return the contents of all files in git."""
    return {name: (project / name).read_bytes() for name in tree(project)}


def moves(project: Path, before: int, level: int) -> None:
    """Go to another level, and see that it changed what the level is made of and nothing else.

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
def test_all_six_moves_keep_code_edits_and_model(moved: Path) -> None:
    """`moves` looks at each; what they end with is what the project began with."""
    assert "automation_level: 3" in (moved / ".copier-answers.yml").read_text("utf-8")
    assert git(moved, "diff", "--stat", f"HEAD~{len(MOVES)}", "HEAD") == ""


@pytest.mark.slow
def test_what_reads_the_model_of_a_project_that_moved_is_green(moved: Path) -> None:
    """Its files are those of before, which the test above sees; the whole suite ran with them."""
    command = ["uv", "run", "pytest", "-q", "tests/test_model.py", "tests/test_pipeline.py"]
    done = subprocess.run(command, cwd=moved, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.slow
def test_an_edited_file_that_a_lower_level_lacks_is_seen_and_brought_back(
    moved: Path, tmp_path: Path
) -> None:
    """Copier takes it away; the page says how to see that before the commit, and how to get it."""
    project = Path(shutil.copytree(moved, tmp_path / "project", ignore=WITHOUT_VENV))
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
def test_of_the_edited_files_of_a_level_some_are_kept_and_the_others_are_listed(
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


def test_what_users_called_like_a_file_of_the_level_is_a_conflict_and_not_lost(
    render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render({"automation_level": 1}), tmp_path / "project"))
    script = project / "scripts" / "retrain.sh"
    script.write_text("#!/bin/sh\necho mine\n", "utf-8")
    commit(project, "Initial commit, with a script")

    update(project, automation_level=2)

    assert git(project, "diff", "--name-only", "--diff-filter=U").split() == ["scripts/retrain.sh"]
    assert "echo mine" in script.read_text("utf-8")


def test_a_level_has_all_that_the_one_below_has_and_asks_for_no_code(render: Render) -> None:
    """What a level adds lies in the runtime and among what calls it; no file of yours is added."""
    one, two, three = (
        {*tree(render(EVERY_TARGET | {"automation_level": level}))} for level in (1, 2, 3)
    )
    assert one < two < three
    parts = ("src/modelyard/", "scripts/", "deployment/", ".github/")
    assert [name for name in three - one if not name.startswith(parts)] == []
    packages = {name.split("/")[2] for name in three - one if name.startswith("src/modelyard/")}
    assert packages == {"canary", "cli", "models", "registry", "retraining"}
