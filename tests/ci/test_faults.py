"""Each kind of fault in a clone fails the check for its kind and no other."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.ci.hosts import FEW, run_in
from tests.ci.pushed import Done, Origin

pytestmark = pytest.mark.slow
Run = Callable[..., Done]
BREAK_ROWS = """
import polars as pl

file = "data/sample/flights.parquet"
pl.read_parquet(file).with_columns(-pl.col("distance_mi")).write_parquet(file)
"""


@pytest.fixture
def clone(pushed: Origin) -> Path:
    """A new clone of the trained project, for tests to damage."""
    return pushed.clone()


@pytest.fixture
def run(pushed: Origin, clone: Path) -> Run:
    """Return a function that runs a command in the clone, with the caches of CI jobs."""
    return partial(run_in, clone, **pushed.job_environment())


def code(run: Run, script: str) -> int:
    return run(f"scripts/check-{script}.sh", PYTEST_ADDOPTS=FEW).returncode


def spoil(project: Path, name: str, before: str, after: str) -> None:
    text = (project / name).read_text("utf-8")
    assert before in text
    (project / name).write_text(text.replace(before, after), "utf-8")


def test_invalid_rows_fail_the_data_check_and_a_bad_model_fails_the_model_check(
    clone: Path, run: Run
) -> None:
    spoil(clone, "params.yaml", "roc_auc: 0.62", "roc_auc: 0.99")
    assert code(run, "data") == 0
    done = run("scripts/check-model.sh")
    assert done.returncode
    assert "the candidate is refused" in done.stdout
    assert run("uv", "run", "python", "-c", BREAK_ROWS).returncode == 0
    assert code(run, "data")
    assert code(run, "code") == 0  # with both faults


def test_a_style_error_fails_the_code_check_but_not_the_data_check(clone: Path, run: Run) -> None:
    (clone / "tests" / "test_planted.py").write_text("import os\n", "utf-8")
    done = run("scripts/check-code.sh")
    assert done.returncode
    assert "F401" in done.stdout
    assert code(run, "data") == 0


def test_a_type_error_fails_the_code_check_whatever_mypy_has_read_before(
    clone: Path, run: Run
) -> None:
    """The projects of all tests share its cache: an entry of other content must not be used."""
    assert run("uv", "run", "mypy").returncode == 0
    with (clone / "src" / "flight_delays" / "features" / "build.py").open("a") as file:
        file.write("\n\nPLANTED: int = str(SATURDAY_S)\n")
    done = run("scripts/check-code.sh")
    assert done.returncode
    assert "Incompatible types in assignment" in done.stdout


def test_a_failing_code_test_fails_only_the_code_check(clone: Path, run: Run) -> None:
    planted = "def test_planted() -> None:\n    assert 1 == 2\n"
    (clone / "tests" / "test_planted.py").write_text(planted, "utf-8")
    pytest_with = ("uv", "run", "pytest", "-q", "tests/test_planted.py", "-m")
    assert run(*pytest_with, "not made").returncode == 1
    assert run(*pytest_with, "made").returncode == 5  # pytest: no tests collected
