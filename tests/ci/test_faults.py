"""Each kind of fault fails the check for its kind and no other."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import WITHOUT_VENV, commit
from tests.ci.hosts import FEW, run_in

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_environment")]
BREAK_ROWS = """
import polars as pl

file = "data/sample/flights.parquet"
pl.read_parquet(file).with_columns(-pl.col("distance_mi")).write_parquet(file)
"""


@pytest.fixture
def ready(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained project with DVC's state, for tests to damage."""
    copied = shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV, symlinks=True)
    project = Path(copied)
    commit(project, "Trained")
    return project


def code(project: Path, script: str) -> int:
    return run_in(project, f"scripts/check-{script}.sh", PYTEST_ADDOPTS=FEW).returncode


def spoil(project: Path, name: str, before: str, after: str) -> None:
    text = (project / name).read_text("utf-8")
    assert before in text
    (project / name).write_text(text.replace(before, after), "utf-8")


def test_invalid_rows_fail_the_data_check_and_a_bad_model_fails_the_model_check(
    ready: Path,
) -> None:
    spoil(ready, "params.yaml", "roc_auc: 0.62", "roc_auc: 0.99")
    assert code(ready, "data") == 0
    done = run_in(ready, "scripts/check-model.sh")
    assert done.returncode
    assert "the candidate is refused" in done.stdout
    assert run_in(ready, "uv", "run", "python", "-c", BREAK_ROWS).returncode == 0
    assert code(ready, "data")
    assert code(ready, "code") == 0  # with both faults


def test_a_style_error_fails_the_code_check_but_not_the_data_check(ready: Path) -> None:
    (ready / "tests" / "test_planted.py").write_text("import os\n", "utf-8")
    done = run_in(ready, "scripts/check-code.sh")
    assert done.returncode
    assert "F401" in done.stdout
    assert code(ready, "data") == 0


def test_a_type_error_fails_the_code_check_whatever_mypy_has_read_before(ready: Path) -> None:
    """The projects of all tests share its cache: an entry of other content must not be used."""
    assert run_in(ready, "uv", "run", "mypy").returncode == 0
    with (ready / "src" / "flight_delays" / "features" / "build.py").open("a") as file:
        file.write("\n\nPLANTED: int = str(SATURDAY_S)\n")
    done = run_in(ready, "scripts/check-code.sh")
    assert done.returncode
    assert "Incompatible types in assignment" in done.stdout


def test_a_failing_code_test_fails_only_the_code_check(ready: Path) -> None:
    planted = "def test_planted() -> None:\n    assert 1 == 2\n"
    (ready / "tests" / "test_planted.py").write_text(planted, "utf-8")
    pytest_with = ("uv", "run", "pytest", "-q", "tests/test_planted.py", "-m")
    assert run_in(ready, *pytest_with, "not made").returncode == 1
    assert run_in(ready, *pytest_with, "made").returncode == 5  # pytest: no tests collected
