"""Six files turn the example into another problem; nothing else needs to change."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT, commit, tree
from tests.conftest import EVERY_TARGET, Render
from tests.projects.trained_checks import changed_only_results, predictions
from tools.steps import StepFailed, Steps

SWAP = ROOT / "tests" / "projects" / "swap"
SIX = [
    "params.yaml",
    "src/package/data/ingest.py",
    "src/package/features/build.py",
    "src/package/models/estimator.py",
    "src/package/schema.py",
    "tests/examples.py",
]
GROWERS = {"grower one", "grower two", "grower three"}


def check_number(answer: dict[str, Any]) -> None:
    """Check the form of a prediction of a number."""
    assert answer.keys() == {"prediction"}
    assert 20 < answer["prediction"] < 350


def check_grower(answer: dict[str, Any]) -> None:
    """Check the form of a prediction of one of three classes."""
    assert answer.keys() == {"prediction", "scores"}
    scores = answer["scores"]
    assert scores.keys() == GROWERS
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert answer["prediction"] == max(GROWERS, key=scores.__getitem__)


@dataclass(frozen=True)
class Problem:
    """A project's problem: its name, metrics, plots, and a check of its predictions."""

    name: str
    metrics: set[str]
    plots: set[str]
    check: Callable[[dict[str, Any]], None]


PROBLEMS = {
    "diabetes": Problem(
        "Diabetes Progression",
        {"r2", "rmse", "mae"},
        {"residuals", "calibration", "slices"},
        check_number,
    ),
    "wine": Problem(
        "Who Grew This Wine?",
        {"roc_auc", "log_loss", "accuracy", "f1_macro"},
        {"roc", "confusion", "calibration"},
        check_grower,
    ),
}


def place(project: Path, name: str) -> Path:
    """Return the path of one of the six files in a project."""
    package = next(project.glob("src/*/schema.py")).parent
    return project / name.replace("src/package", f"src/{package.name}")


def swap_files(problem: str, names: Iterable[str], render: Render, folder: Path) -> Path:
    """Return a new project with some files of another problem, committed."""
    rendered = render(EVERY_TARGET | {"project_name": PROBLEMS[problem].name})
    project = Path(shutil.copytree(rendered, folder / "project"))
    for name in names:
        shutil.copyfile(SWAP / problem / name, place(project, name))
    commit(project, "Another problem")
    return project


def plots(project: Path) -> set[str]:
    """Return the plots on DVC's page; fail for an empty one."""
    page = (project / "dvc_plots" / "index.html").read_text("utf-8")
    assert "spec = {}" not in page
    return set(re.findall(r'<div id ?= ?"([^"]+)"', page))


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_has_the_six_files_and_no_other(problem: str, render: Render) -> None:
    assert [name for name in tree(SWAP / problem) if "__pycache__" not in name] == SIX
    assert all(place(render({}), name).is_file() for name in SIX)


def test_the_six_files_do_not_mention_the_example() -> None:
    texts = {file: file.read_text("utf-8") for file in SWAP.rglob("*.py")}
    assert [file for file, text in texts.items() if re.search("flight|carrier|arriv", text)] == []


@pytest.mark.slow
@pytest.mark.usefixtures("one_environment")
def test_six_files_make_another_project(render: Render, tmp_path: Path) -> None:
    """The tutorial on your own data does the same for diabetes (tests/docs/test_walks.py)."""
    project, steps = swap_files("wine", SIX, render, tmp_path), Steps(screen=sys.stdout)
    steps.run("install", ["uv", "sync"], project)
    steps.run("train", ["uv", "run", "dvc", "repro"], project)
    changed_only_results(project)
    is_another_problem(steps, project, "wine")


def is_another_problem(steps: Steps, project: Path, problem: str) -> None:
    """Check a trained project for another problem: metrics, tests, style, plots, predictions.

    Raises:
        AssertionError: one of them does not fit the problem.
    """
    expected = PROBLEMS[problem]
    measured = json.loads((project / "models" / "metrics.json").read_text("utf-8"))
    assert measured["accepted"] is True
    assert measured["test"]["candidate"].keys() == expected.metrics

    tested = steps.run("test", ["uv", "run", "pytest", "-q"], project).splitlines()[-1]
    assert int(re.findall(r"(\d+) passed", tested)[0]) >= 40
    assert not re.search(r"skipped|failed|error|xfail", tested)

    for tool in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        steps.run(" ".join(tool), ["uv", "run", *tool], project)

    steps.run("plots", ["uv", "run", "dvc", "plots", "show"], project)
    assert plots(project) == expected.plots
    for answer in predictions(steps, project, 2):
        expected.check(answer)


@pytest.mark.slow
@pytest.mark.usefixtures("one_environment")
def test_a_forgotten_file_is_named(render: Render, tmp_path: Path) -> None:
    others = [name for name in SIX if not name.endswith("build.py")]
    project = swap_files("wine", others, render, tmp_path)
    text = r"error: features/build\.py reads column scheduled_departure, schema\.py has bottle, alc"
    with pytest.raises(StepFailed, match=text):
        Steps(screen=sys.stdout).run("train", ["uv", "run", "dvc", "repro"], project)
