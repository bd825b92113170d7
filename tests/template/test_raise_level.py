"""A project grows in place: a raised level or a new target touches what it must and no more."""

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


def grown(project: Path, before: Answers, after: Answers, render: Render) -> dict[str, str]:
    """Update a committed project to other answers; return what changed, having looked at it.

    Raises:
        AssertionError: there is a conflict, or files came, went or changed that should not.
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
def born(render: Render, tmp_path: Path) -> Callable[[Answers], Path]:
    """Return a function that gives a committed project for some answers."""

    def make(answers: Answers) -> Path:
        project = Path(shutil.copytree(render(answers), tmp_path / "project"))
        commit(project, "Born")
        return project

    return make


@pytest.mark.parametrize(("before", "after"), [LEVELS[1], LEVELS[4], ADDED[1]], ids=str)
def test_an_untouched_project_that_moved_is_one_born_there(
    before: Answers, after: Answers, born: Callable[[Answers], Path], render: Render
) -> None:
    project = born(before)
    grown(project, before, after, render)
    assert differing(project, render(before | after)) == []


@pytest.mark.parametrize(("before", "after"), MOVES, ids=str)
def test_a_project_with_edits_moves_without_a_conflict_and_loses_none(
    before: Answers, after: Answers, born: Callable[[Answers], Path], render: Render
) -> None:
    project = born(before)
    mine = edit(project)

    touched = grown(project, before, after, render)

    taken = {name for name, how in touched.items() if how == "D"}
    kept = {name: held for name, held in mine.items() if name not in taken}
    assert {name: (project / name).read_bytes() for name in kept} == kept
    assert set(differing(project, render(before | after))) == {*kept, "params.yaml"}
    entry = {name for name in taken if name.startswith(("src/flight_delays/", "tests/"))}
    assert not entry or "rest" not in (before | after)["serving_targets"]


def test_the_entry_file_of_a_new_target_arrives_once(
    born: Callable[[Answers], Path], render: Render
) -> None:
    """What comes late into the yours zone comes, and is left alone from then on."""
    entry = "src/flight_delays/serving/rest.py"
    project = born({"serving_targets": ["batch"]})
    update(project, serving_targets=["rest", "batch"])
    assert changes(project)[entry] == "A"

    (project / entry).write_text('"""Mine."""\n', "utf-8")
    commit(project, "Mine now")
    update(project, automation_level=2)

    assert (project / entry).read_text("utf-8") == '"""Mine."""\n'
    assert entry not in changes(project)


def test_an_entry_file_that_was_deleted_returns_and_no_other_file_does(
    born: Callable[[Answers], Path], render: Render
) -> None:
    project = born({})
    gone = ["src/flight_delays/serving/rest.py", "src/flight_delays/schema.py", "tests/examples.py"]
    for name in gone:
        (project / name).unlink()
    commit(project, "Without")

    update(project, automation_level=2)

    assert [name for name in gone if (project / name).exists()] == gone[:1]


def test_a_target_and_a_level_bring_files(render: Render) -> None:
    plain, batch = {*tree(render({}))}, {*tree(render({"serving_targets": ["batch"]}))}
    assert "src/modelyard/serving/rest/app.py" in plain - batch
    assert {*tree(render({"automation_level": 2}))} > plain
    assert {*tree(render({"automation_level": 3}))} > {*tree(render({"automation_level": 2}))}
