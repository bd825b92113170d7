"""A fault planted in a project is seen by the project's own tests."""

import os
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import EVERY_TARGET, Render
from tests.forking import Forking
from tests.repository import ROOT
from tools.steps import environment


class Mutant(NamedTuple):
    """A fault: in a file of the package `old` becomes `new`, and one of the tests must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]
    steps: Sequence[str] = ()


LISTED = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text("utf-8"))["mutant"]
MUTANTS = [Mutant(**mutant) for mutant in LISTED]
PACKAGE = Path("src", "flight_delays")
TESTS_FAILED = 1  # pytest's exit code; 2 and more are for what is no verdict


@pytest.fixture(scope="module")
def forking(trained: Path) -> Iterator[Forking]:
    """What runs tests with the trained project's libraries."""
    python = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python"]
    server = Forking(python, trained, environment())
    yield server
    server.stop()


def verdict(forking: Forking, project: Path, steps: Iterable[str], tests: Iterable[str]) -> int:
    """Run steps of the pipeline, then tests; return pytest's exit code."""
    said = project.parent / "said.txt"
    for step in steps:
        assert forking.run(project, said, f"{PACKAGE.name}.{step}") == 0, said.read_text("utf-8")
    plugins = ["-p", "no:cacheprovider", "-p", "no:hydra_pytest"]  # the latter takes half a second
    code = forking.run(project, said, "pytest", "-x", "-q", *plugins, *tests)
    print(said.read_text("utf-8")[-4000:])
    return code


def spoilt(project: Path, mutant: Mutant) -> str:
    """Return the text of a file of the project with a fault in it."""
    source = (project / PACKAGE / mutant.file).read_text("utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.file} does not say {mutant.old} once"
    return source.replace(mutant.old, mutant.new)


FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")


@FORKS
@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_seen(mutant: Mutant, forking: Forking, project: Path) -> None:
    (project / PACKAGE / mutant.file).write_text(spoilt(project, mutant), "utf-8")
    assert verdict(forking, project, mutant.steps, mutant.tests) == TESTS_FAILED


@FORKS
@pytest.mark.slow
def test_without_a_fault_the_same_steps_and_tests_pass(forking: Forking, project: Path) -> None:
    steps = dict.fromkeys(step for mutant in MUTANTS for step in mutant.steps)
    tests = dict.fromkeys(test for mutant in MUTANTS for test in mutant.tests)
    assert verdict(forking, project, steps, tests) == 0


def test_the_faults_are_many_and_differ() -> None:
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS) >= 24


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_planted_and_its_tests_are_there(mutant: Mutant, render: Render) -> None:
    born = render(EVERY_TARGET)
    assert spoilt(born, mutant)
    files = [born / test.partition("::")[0] for test in mutant.tests]
    assert [file for file in files if not file.exists()] == []
