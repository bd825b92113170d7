"""A fault planted in a file of the user is detected by the project's own tests."""

import os
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render
from tests.forking import ForkServer
from tools.steps import environment


class Mutant(NamedTuple):
    """A fault: `old` becomes `new` in a file of the project, and a test fails with `says`."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]
    steps: Sequence[str] = ()
    says: str = "AssertionError: "


TABLE = ROOT / "tests" / "projects" / "project_mutants.toml"
LISTED = tomllib.loads(TABLE.read_text("utf-8"))["mutant"]
MUTANTS = [Mutant(**mutant) for mutant in LISTED]
PACKAGE = "src/flight_delays"
TESTS_FAILED = 1  # pytest's exit code; 2 and more are for other errors
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")


@pytest.fixture(scope="module")
def forking(trained: Path) -> Iterator[ForkServer]:
    """A server that runs tests with the trained project's libraries."""
    python = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python"]
    server = ForkServer(python, trained, environment())
    yield server
    server.stop()


def run_tests(
    forking: ForkServer, project: Path, steps: Iterable[str], tests: Iterable[str]
) -> tuple[int, str]:
    """Run steps of the pipeline, then tests; return pytest's exit code and output."""
    log = project.parent / "log.txt"
    for step in steps:
        assert forking.run(project, log, "modelyard", step) == 0, log.read_text("utf-8")
    plugins = ["-p", "no:cacheprovider", "-p", "no:hydra_pytest"]  # the latter takes half a second
    code = forking.run(project, log, "pytest", "-x", "-q", *plugins, *tests)
    return code, log.read_text("utf-8")


def place(project: Path, mutant: Mutant) -> Path:
    """Return the file that a fault is planted in."""
    return project / mutant.file.replace("src/package", PACKAGE)


def mutated(project: Path, mutant: Mutant) -> str:
    """Return the text of a file of the project with the fault."""
    source = place(project, mutant).read_text("utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.file} does not contain {mutant.old} once"
    return source.replace(mutant.old, mutant.new)


@FORKS
@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_detected(mutant: Mutant, forking: ForkServer, project: Path) -> None:
    place(project, mutant).write_text(mutated(project, mutant), "utf-8")
    code, output = run_tests(forking, project, mutant.steps, mutant.tests)
    assert code == TESTS_FAILED, output
    assert mutant.says in output


@FORKS
@pytest.mark.slow
def test_without_a_fault_the_same_steps_and_tests_pass(forking: ForkServer, project: Path) -> None:
    steps = dict.fromkeys(step for mutant in MUTANTS for step in mutant.steps)
    tests = dict.fromkeys(test for mutant in MUTANTS for test in mutant.tests)
    code, output = run_tests(forking, project, steps, tests)
    assert code == 0, output


def test_the_faults_are_many_and_differ() -> None:
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS) >= 25


def test_each_file_of_the_user_has_a_fault() -> None:
    own = ("schema", "data/ingest", "features/build", "models/estimator", "serving/rest")
    assert {f"src/package/{name}.py" for name in own} <= {one.file for one in MUTANTS}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_planted_and_its_tests_exist(mutant: Mutant, render: Render) -> None:
    project = render(EVERY_TARGET)
    assert mutated(project, mutant)
    for test in mutant.tests:
        file, _, name = test.partition("::")
        assert f"def {name}" in (project / file).read_text("utf-8")
