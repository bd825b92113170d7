"""A fault planted in a project is seen by the project's own tests."""

import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.conftest import Render, made_once
from tests.repository import ROOT, commit
from tools.steps import Steps, environment


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
ANSWERS = {"serving_targets": ["rest", "batch", "edge"]}
NEEDLESS = shutil.ignore_patterns(".venv", ".git", ".dvc", "__pycache__")
TESTS_FAILED = 1  # pytest's exit code; 2 and more are for what is no verdict


@pytest.fixture(scope="session")
def trained(render: Render, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has trained for a short time; nobody may change that folder."""

    def make(project: Path) -> None:
        shutil.copytree(render(ANSWERS), project)
        params = yaml.safe_load((project / "params.yaml").read_text("utf-8"))
        params["train"]["rounds"], params["search"]["trials"] = 60, 1
        (project / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
        commit(project, "Born")
        steps = Steps()
        steps.run("install", ["uv", "sync"], project)
        steps.run("train", ["uv", "run", "dvc", "repro"], project)

    with alone(shared / "trained.lock"):
        return made_once(shared / "trained", tmp_path_factory.mktemp("make"), make)


@contextmanager
def alone(lock: Path, patience_s: int = 900) -> Iterator[None]:
    """Hold a lock among processes: what takes minutes is not done twice at the same time."""
    end = time.monotonic() + patience_s
    while True:
        try:
            lock.mkdir()
            break
        except FileExistsError:
            assert time.monotonic() < end, f"{lock} was held for more than {patience_s} s"
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.rmdir()


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Path:
    """A copy of the project, to be spoilt at will."""
    return Path(shutil.copytree(trained, tmp_path / "project", ignore=NEEDLESS))


def python(trained: Path, project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy of the project with the original's environment, but the copy's code."""
    command = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python", *words]
    own = environment() | {"PYTHONPATH": str(project / "src")}
    return subprocess.run(
        command, cwd=project, env=own, capture_output=True, text=True, check=False
    )


def verdict(trained: Path, project: Path, steps: Iterable[str], tests: Iterable[str]) -> int:
    """Run steps of the pipeline, then tests; return pytest's exit code."""
    for step in steps:
        done = python(trained, project, "-m", f"{PACKAGE.name}.{step}")
        assert done.returncode == 0, done.stderr
    done = python(trained, project, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests)
    print(done.stdout[-3000:], done.stderr[-1000:])
    return done.returncode


def spoilt(project: Path, mutant: Mutant) -> str:
    """Return the text of a file of the project with a fault in it."""
    source = (project / PACKAGE / mutant.file).read_text("utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.file} does not say {mutant.old} once"
    return source.replace(mutant.old, mutant.new)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_seen(mutant: Mutant, trained: Path, project: Path) -> None:
    (project / PACKAGE / mutant.file).write_text(spoilt(project, mutant), "utf-8")
    assert verdict(trained, project, mutant.steps, mutant.tests) == TESTS_FAILED


@pytest.mark.slow
def test_without_a_fault_the_same_steps_and_tests_pass(trained: Path, project: Path) -> None:
    steps = dict.fromkeys(step for mutant in MUTANTS for step in mutant.steps)
    tests = dict.fromkeys(test for mutant in MUTANTS for test in mutant.tests)
    assert verdict(trained, project, steps, tests) == 0


def test_the_faults_are_many_and_differ() -> None:
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS) >= 24


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_planted_and_its_tests_are_there(mutant: Mutant, render: Render) -> None:
    assert spoilt(render(ANSWERS), mutant)
    files = [render(ANSWERS) / test.partition("::")[0] for test in mutant.tests]
    assert [file for file in files if not file.exists()] == []
