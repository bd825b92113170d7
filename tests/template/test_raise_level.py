"""Tests that a raised level or a new target changes only the files that it must."""

import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, tree
from tests.conftest import Render
from tests.edited_projects import changes, edit, unmerged, update
from tests.template.combinations import TARGETS
from tests.template.rendered_checks import differing

Answers = dict[str, Any]

MAY_CHANGE = {
    ".copier-answers.yml",
    ".env.example",
    "AGENTS.md",
    "README.md",
    "compose.yaml",
    "docs/map.md",
    "docs/runbook.md",
    "dvc.yaml",
    "params.yaml",
    "pyproject.toml",
}

LEVELS: list[tuple[Answers, Answers]] = [
    ({"automation_level": before}, {"automation_level": after})
    for before, after in permutations((1, 2, 3), 2)
]
ADDED: list[tuple[Answers, Answers]] = [
    ({"serving_targets": list(few)}, {"serving_targets": [*few, one]})
    for few in TARGETS
    for one in ("rest", "batch", "edge")
    if one not in few
]
OTHERS: list[tuple[Answers, Answers]] = [
    ({"automation_level": 3}, {"automation_level": 3, "serving_targets": ["rest", "edge"]}),
    ({"serving_targets": ["rest", "edge"]}, {"serving_targets": ["batch"]}),
    ({"experiment_tracker": "dvclive"}, {"experiment_tracker": "mlflow"}),
    ({"ci_host": "github"}, {"ci_host": "gitlab"}),
]
MOVES = [*LEVELS, *ADDED, *OTHERS]
QUICK = [LEVELS[1], LEVELS[2], LEVELS[4], ADDED[1], ADDED[5], *OTHERS]  # the fast tests


def checked_update(
    project: Path, before: Answers, after: Answers, render: Render
) -> dict[str, str]:
    """Update a committed project to other answers, check the changes and return them.

    Raises:
        AssertionError: there is a conflict, or an unexpected file was added, removed or changed.
    """
    update(project, **after)

    small, large = ({*tree(render(one))} for one in (before, before | after))
    touched = changes(project)
    assert list(unmerged(project)) == []
    assert {name for name, how in touched.items() if how == "A"} == large - small
    assert {name for name, how in touched.items() if how == "D"} == small - large
    assert {name for name, how in touched.items() if how == "M"} <= MAY_CHANGE
    return touched


@pytest.fixture
def new_project(render: Render, tmp_path: Path) -> Callable[[Answers], Path]:
    """Return a function that makes a committed project for given answers."""

    def make(answers: Answers) -> Path:
        project = Path(shutil.copytree(render(answers), tmp_path / "project"))
        commit(project, "Initial commit")
        return project

    return make


@pytest.mark.parametrize(("before", "after"), [LEVELS[1], LEVELS[4], ADDED[1]], ids=str)
def test_an_updated_project_without_edits_equals_a_new_one(
    before: Answers, after: Answers, new_project: Callable[[Answers], Path], render: Render
) -> None:
    project = new_project(before)
    checked_update(project, before, after, render)
    assert differing(project, render(before | after)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [pytest.param(*move, marks=() if move in QUICK else pytest.mark.slow) for move in MOVES],
    ids=str,
)
def test_a_project_with_edits_is_updated_without_conflicts_and_keeps_them(
    before: Answers, after: Answers, new_project: Callable[[Answers], Path], render: Render
) -> None:
    project = new_project(before)
    mine = edit(project)

    touched = checked_update(project, before, after, render)

    removed = {name for name, how in touched.items() if how == "D"}
    kept = {name: content for name, content in mine.items() if name not in removed}
    assert {name: (project / name).read_bytes() for name in kept} == kept
    assert set(differing(project, render(before | after))) == {*kept, "params.yaml"}
    entry = {name for name in removed if name.startswith(("src/flight_delays/", "tests/"))}
    assert not entry or "rest" not in (before | after)["serving_targets"]


def test_the_entry_file_of_a_new_target_is_added_once(
    new_project: Callable[[Answers], Path], render: Render
) -> None:
    """A file added to the yours zone by an update is not changed by later updates."""
    entry = "src/flight_delays/serving/rest.py"
    project = new_project({"serving_targets": ["batch"]})
    update(project, serving_targets=["rest", "batch"])
    assert changes(project)[entry] == "A"

    (project / entry).write_text('"""Mine."""\n', "utf-8")
    commit(project, "Mine now")
    update(project, automation_level=2)

    assert (project / entry).read_text("utf-8") == '"""Mine."""\n'
    assert entry not in changes(project)


def test_a_deleted_entry_file_returns_but_no_other_file(
    new_project: Callable[[Answers], Path], render: Render
) -> None:
    project = new_project({})
    names = [
        "src/flight_delays/serving/rest.py",
        "src/flight_delays/schema.py",
        "tests/examples.py",
    ]
    for name in names:
        (project / name).unlink()
    commit(project, "Without")

    update(project, automation_level=2)

    assert [name for name in names if (project / name).exists()] == names[:1]


def test_a_target_and_a_level_add_files(render: Render) -> None:
    plain, batch = {*tree(render({}))}, {*tree(render({"serving_targets": ["batch"]}))}
    assert "src/modelyard/serving/rest/app.py" in plain - batch
    assert {*tree(render({"automation_level": 2}))} > plain
    assert {*tree(render({"automation_level": 3}))} > {*tree(render({"automation_level": 2}))}
