"""Tests that a project stays small enough to be read in an hour."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Render
from tests.template.budgets import SMALL, budget, exceeded, size
from tests.template.combinations import TARGETS

DEFAULT: dict[str, Any] = {"automation_level": 1, "serving_targets": ["rest"]}
COMBINATIONS: list[dict[str, Any]] = [
    {"automation_level": level, "serving_targets": list(targets)}
    for level in (1, 2, 3)
    for targets in TARGETS
]


@pytest.mark.parametrize("answers", COMBINATIONS, ids=str)
def test_a_project_stays_within_its_budget(answers: dict[str, Any], render: Render) -> None:
    assert exceeded(render(answers), budget(answers)) == []


def test_all_levels_and_targets_are_measured() -> None:
    assert len({str(one) for one in COMBINATIONS}) == 21
    assert budget(DEFAULT) == SMALL


@pytest.mark.parametrize(
    ("name", "content", "broken"),
    [
        ("src/flight_delays/long.py", "A = 1\n" * 300, "src lines"),
        ("tests/test_long.py", "A = 1\n" * 600, "tests lines"),
    ],
)
def test_a_long_file_exceeds_the_budget(
    name: str, content: str, broken: str, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render(DEFAULT), tmp_path / "project"))
    (project / name).write_text(content, "utf-8")
    assert [fault.split(":")[0] for fault in exceeded(project, SMALL)] == [broken]


def test_too_many_files_exceed_the_budget_and_the_runtime_is_not_counted(
    render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render(DEFAULT), tmp_path / "project"))
    before = size(project)
    (project / "src" / "modelyard" / "planted.py").write_text("A = 1\n" * 999, "utf-8")
    assert size(project) == before

    for number in range(SMALL["files"] - before["files"] + 1):
        (project / "docs" / f"{number}.md").write_text("planted\n", "utf-8")
    assert exceeded(project, SMALL) == [f"files: {SMALL['files'] + 1}, at most {SMALL['files']}"]
