"""Projects of four kinds install, train, pass their own tests and serve."""

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.checkout import ROOT, commit, named_answers, names_of_answers, tree
from tests.conftest import Render
from tests.projects.trained_checks import has_trained, predictions
from tools.steps import StepFailed, Steps

INSTALLED = ["hostile", "level3-all-mlflow"]
# The README's demo installs and trains level1-rest, test_package_mode.py a batch at level 2.
ELSEWHERE = ["level1-rest", "level2-batch"]
# Combinations of targets whose tests run in no installed project.
OTHER_CHOICES = [
    (2, ["batch"]), (1, ["edge"]), (3, ["rest", "batch"]), (1, ["rest", "edge"]),
    (3, ["batch", "edge"]),
]  # fmt: skip
FEWEST_TESTS = 40
# Tests of what is the same for all targets; the project with the fewest files of the runtime runs
# them as well.
FEWEST_FILES = (1, ["edge"])
FOR_ALL_TARGETS = [
    "--ignore=tests/test_notebooks.py",
    "--deselect=tests/test_model.py::test_training_is_reproducible",
]


@pytest.mark.slow
@pytest.mark.parametrize("answers", INSTALLED)
def test_a_project_trains_passes_its_tests_and_serves(
    answers: str, render: Render, tmp_path: Path
) -> None:
    given = named_answers(answers)
    project = Path(shutil.copytree(render(given), tmp_path / "project"))
    commit(project, "Initial commit")
    steps = Steps(screen=sys.stdout)

    steps.run("install", ["uv", "sync"], project)
    steps.run("train", ["uv", "run", "dvc", "repro"], project)
    has_trained(steps, project)
    passes(steps, project)
    if "rest" in given.get("serving_targets", ["rest"]):
        (predicted,) = predictions(steps, project, 1)
        assert 0 <= float(predicted["score"]) <= 1


def passes(steps: Steps, project: Path, *python: str, left_out: Sequence[str] = ()) -> None:
    """Run a project's own tests with the project's Python or another one.

    Raises:
        AssertionError: it has too few tests, or one was skipped.
    """
    tested = steps.run(
        "test", [*(python or ("uv", "run", "python")), "-m", "pytest", "-q", *left_out], project
    ).splitlines()[-1]
    assert int(re.findall(r"(\d+) passed", tested)[0]) >= FEWEST_TESTS
    assert not re.search(r"skipped|failed|error", tested)


@pytest.mark.slow
@pytest.mark.parametrize(("level", "targets"), OTHER_CHOICES, ids=str)
def test_a_combination_of_targets_passes_its_tests(
    level: int,
    targets: list[str],
    render: Render,
    trained: Path,
    tmp_path: Path,
) -> None:
    """Uses the libraries of the trained project, which are more than it needs."""
    rendered = render({"automation_level": level, "serving_targets": targets})
    project = Path(shutil.copytree(rendered, tmp_path / "project"))
    for name in ("data", "features", "models", "reports"):
        shutil.copytree(trained / name, project / name, dirs_exist_ok=True)
    commit(project, "Initial commit, with a model")
    own = ["env", f"PYTHONPATH={project / 'src'}", str(trained / ".venv" / "bin" / "python")]
    left_out = [] if (level, targets) == FEWEST_FILES else FOR_ALL_TARGETS
    passes(Steps(screen=sys.stdout), project, *own, left_out=left_out)


@pytest.mark.slow
@pytest.mark.usefixtures("one_environment")
def test_a_broken_project_does_not_pass(render: Render, tmp_path: Path) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    build = project / "src" / "flight_delays" / "features" / "build.py"
    build.write_text("raise RuntimeError('planted')\n", "utf-8")
    commit(project, "Broken initial commit")
    with pytest.raises(StepFailed, match="planted"):
        Steps(screen=sys.stdout).run("train", ["uv", "run", "dvc", "repro"], project)


def test_what_combinations_leave_out_is_run_with_the_fewest_files(render: Render) -> None:
    """Beyond what serves, no other combination lacks a file of that project."""
    fewest, *others = (
        {*tree(render({"automation_level": level, "serving_targets": targets}) / "src")}
        for level, targets in [FEWEST_FILES, *OTHER_CHOICES]
    )
    needed = {name for name in fewest if "serving" not in name and "edge" not in name}
    assert len(needed) > 50
    assert FEWEST_FILES in OTHER_CHOICES
    assert [needed - files for files in others] == [set()] * len(others)


def test_the_four_kinds_cover_each_level_tracker_and_target() -> None:
    assert sorted([*INSTALLED, *ELSEWHERE]) == names_of_answers()
    kinds = [named_answers(name) for name in names_of_answers()]
    assert {kind.get("automation_level", 1) for kind in kinds} == {1, 2, 3}
    assert {kind.get("experiment_tracker", "dvclive") for kind in kinds} == {
        "dvclive", "mlflow", "wandb"
    }  # fmt: skip
    assert {target for kind in kinds for target in kind.get("serving_targets", ["rest"])} == {
        "rest", "batch", "edge"
    }  # fmt: skip
    assert (ROOT / "tests" / "answers" / "hostile.yml").exists()
