"""A fault turns the check of its kind red, and no other."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import commit
from tests.ci.hosts import FEW, called

pytestmark = pytest.mark.slow
BREAK_ROWS = """
import polars as pl

file = "data/sample/flights.parquet"
pl.read_parquet(file).with_columns(-pl.col("distance_mi")).write_parquet(file)
"""


@pytest.fixture
def ready(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained project with what DVC knows of it, to be spoilt at will."""
    left = shutil.ignore_patterns(".venv", "__pycache__")
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=left, symlinks=True))
    commit(project, "Trained")
    return project


def code(project: Path, script: str) -> int:
    return called(project, f"scripts/check-{script}.sh", PYTEST_ADDOPTS=FEW).returncode


def spoil(project: Path, name: str, before: str, after: str) -> None:
    text = (project / name).read_text("utf-8")
    assert before in text
    (project / name).write_text(text.replace(before, after), "utf-8")


def test_rows_that_break_the_schema_turn_data_red_and_a_bad_model_turns_model_red(
    ready: Path,
) -> None:
    spoil(ready, "params.yaml", "roc_auc: 0.62", "roc_auc: 0.99")
    assert code(ready, "data") == 0
    done = called(ready, "scripts/check-model.sh")
    assert done.returncode
    assert "the candidate is refused" in done.stdout
    assert called(ready, "uv", "run", "python", "-c", BREAK_ROWS).returncode == 0
    assert code(ready, "data")
    assert code(ready, "code") == 0  # with both faults


def test_a_style_fault_turns_code_red_and_not_data(ready: Path) -> None:
    (ready / "tests" / "test_planted.py").write_text("import os\n", "utf-8")
    done = called(ready, "scripts/check-code.sh")
    assert done.returncode
    assert "F401" in done.stdout
    assert code(ready, "data") == 0


def test_a_failing_test_of_the_code_is_the_business_of_code_only(ready: Path) -> None:
    planted = "def test_planted() -> None:\n    assert 1 == 2\n"
    (ready / "tests" / "test_planted.py").write_text(planted, "utf-8")
    pytest_with = ("uv", "run", "pytest", "-q", "tests/test_planted.py", "-m")
    assert called(ready, *pytest_with, "not made").returncode == 1
    assert called(ready, *pytest_with, "made").returncode == 5  # no test of this kind
