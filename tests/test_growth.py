"""A project grows in place: a raised level or a new target touches what it must and no more."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Render
from tests.faults import differing
from tests.histories import changes, edit, update
from tests.repository import commit, tree

MAY_CHANGE = {
    ".copier-answers.yml",
    ".env.example",
    "AGENTS.md",
    "README.md",
    "compose.yaml",
    "docs/map.md",
    "docs/runbook.md",
    "params.yaml",
    "pyproject.toml",
    "src/flight_delays/models/registry/chosen.py",
    "src/flight_delays/tracking/__init__.py",
    "tests/tracking/test_tracking.py",
}

RAISES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"automation_level": 1}, {"automation_level": 2}),
    ({"automation_level": 2}, {"automation_level": 3}),
    ({"serving_targets": ["batch"]}, {"serving_targets": ["rest", "batch"]}),
    ({"serving_targets": ["rest"]}, {"serving_targets": ["rest", "batch", "edge"]}),
    ({"experiment_tracker": "dvclive"}, {"experiment_tracker": "mlflow"}),
]


@pytest.mark.parametrize(("before", "after"), RAISES, ids=str)
def test_a_project_that_grew_is_one_that_was_born_grown(
    before: dict[str, Any], after: dict[str, Any], template: Path, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render(before), tmp_path / "project"))
    commit(project, "Born")
    mine = edit(project)

    update(project, **after)

    small, grown = render(before), render(after)
    touched = changes(project)
    assert set(differing(project, grown)) == {*mine, "params.yaml"}
    assert {name for name, how in touched.items() if how == "A"} == {*tree(grown)} - {*tree(small)}
    assert {name for name, how in touched.items() if how == "D"} == {*tree(small)} - {*tree(grown)}
    assert {name for name, how in touched.items() if how == "M"} <= MAY_CHANGE


def test_a_target_and_a_level_bring_files(render: Render) -> None:
    plain, batch = {*tree(render({}))}, {*tree(render({"serving_targets": ["batch"]}))}
    assert "src/flight_delays/serving/rest/__main__.py" in plain - batch
    assert {*tree(render({"automation_level": 2}))} > plain
    assert {*tree(render({"automation_level": 3}))} > {*tree(render({"automation_level": 2}))}
