"""Tests that every combination of answers renders a valid, formatted project."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, named_answers, names_of_answers, tree
from tests.conftest import Render
from tests.template import rendered_checks
from tests.template.combinations import Answers, complete, pairs, pairwise, possible_pairs

ROWS = pairwise()
CHECKS = [
    rendered_checks.unparsed,
    rendered_checks.unrendered,
    rendered_checks.unlinted,
    rendered_checks.oddly_named,
]


def name(row: Answers) -> str:
    return "-".join(
        "+".join(value) if isinstance(value, tuple) else str(value) for value in row.values()
    )


def test_the_combinations_cover_each_possible_pair_of_choices() -> None:
    assert set().union(*map(pairs, ROWS)) >= possible_pairs()
    assert not set().union(*map(pairs, ROWS[:-1])) >= possible_pairs()


def test_the_combinations_cover_each_level_with_each_set_of_targets() -> None:
    assert len({(row["automation_level"], row["serving_targets"]) for row in ROWS}) == 21


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_combination_renders_parses_and_is_formatted(row: Answers, render: Render) -> None:
    project = render(complete(row))
    assert "\n".join(fault for check in CHECKS for fault in check(project)) == ""
    assert rendered_checks.unchosen(project, complete(row)) == []
    assert rendered_checks.unusable(project, complete(row)) == []


@pytest.mark.parametrize("answers", names_of_answers())
def test_a_named_set_parses_and_is_formatted(answers: str, render: Render) -> None:
    project = render(named_answers(answers))
    checks = [rendered_checks.unparsed, rendered_checks.unlinted, rendered_checks.oddly_named]
    assert "\n".join(fault for check in checks for fault in check(project)) == ""


@pytest.mark.parametrize("answers", names_of_answers())
def test_a_named_set_has_the_files_of_its_picture(
    answers: str, render: Render, pytestconfig: pytest.Config
) -> None:
    picture = ROOT / "tests" / "template" / "trees" / f"{answers}.txt"
    found = tree(render(named_answers(answers)))
    if pytestconfig.getoption("--update-trees"):
        picture.write_text("".join(f"{line}\n" for line in found), "utf-8")
    assert found == picture.read_text("utf-8").splitlines()


PLANTED: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (rendered_checks.unparsed, "pyproject.toml", 'name = "a" "b"\n'),
    (rendered_checks.unparsed, "dvc.yaml", "stages: [\n"),
    (rendered_checks.unparsed, "models/metrics.json", "{'a': 1}\n"),
    (
        rendered_checks.unparsed,
        "notebooks/x.ipynb",
        '{"cells": [{"cell_type": "code", "source": ["1 +"]}]}\n',
    ),
    (rendered_checks.unparsed, "scripts/release.sh", "if true\n"),
    (rendered_checks.unparsed, "scripts/release", "#!/usr/bin/env bash\nif true\n"),
    (rendered_checks.unparsed, ".dvc/config", "[core\n"),
    (rendered_checks.unparsed, "README.md", "no line end"),
    (rendered_checks.unrendered, "README.md", "{{ project_name }}\n"),
    (rendered_checks.unrendered, "README.md", "{% if level %}\n"),
    (rendered_checks.unrendered, "{{ package_name }}.py", ""),
    (rendered_checks.unrendered, "README.md.jinja", ""),
    (rendered_checks.unlinted, "src/flight_delays/bad.py", "import os\n"),
    (rendered_checks.unlinted, "src/flight_delays/bad.py", '"""Say."""\n\nx = {  "a":1}\n'),
    (rendered_checks.oddly_named, "it's.txt", ""),
    (rendered_checks.oddly_named, "readme.MD", ""),
]


@pytest.mark.parametrize(("check", "file", "content"), PLANTED)
def test_a_planted_error_is_detected(
    check: Any, file: str, content: str, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    assert check(project) == []
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text(content, "utf-8")
    assert check(project) != []


def test_a_file_of_an_unchosen_target_tracker_or_level_is_detected(
    render: Render,
) -> None:
    chosen = {"serving_targets": ["batch"], "experiment_tracker": "mlflow"}
    found = " ".join(rendered_checks.unchosen(render({"automation_level": 2}), chosen))
    assert "src/flight_delays/serving/rest.py" in found
    assert "src/modelyard/serving/rest/__main__.py" in found
    assert "src/modelyard/tracking/dvclive.py" in found
    assert "src/modelyard/registry/git_tags.py" in found


def test_a_text_about_an_unchosen_target_or_level_is_detected(render: Render) -> None:
    project = render({"automation_level": 2, "serving_targets": ["rest", "edge"]})
    edge_alone = "\n".join(rendered_checks.unusable(project, {"serving_targets": ["edge"]}))
    assert "params.yaml: monitoring:" in edge_alone
    found = "\n".join(rendered_checks.unusable(project, {"serving_targets": ["batch"]}))
    assert "params.yaml: monitoring:" not in found
    assert "params.yaml: edge:" in found
    assert "params.yaml: retrain:" in found
    assert ".env.example: REST_PORT=8000" in found


def test_expressions_of_ci_files_are_not_taken_for_jinja(tmp_path: Path) -> None:
    (tmp_path / "check.yml").write_text("if: ${{ matrix.python }}\n", "utf-8")
    assert rendered_checks.unrendered(tmp_path) == []
