"""The runtime's tests detect faults planted in the runtime."""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.checkout import ROOT
from tests.conftest import build_once, file_lock
from tests.forking import ForkServer
from tests.runtime import example


class Mutant(NamedTuple):
    """A fault: in a file of the runtime `old` becomes `new`, and one of the tests must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str]


LISTED = tomllib.loads((ROOT / "tests" / "runtime" / "mutants.toml").read_text("utf-8"))["mutant"]
MUTANTS = [Mutant(**mutant) for mutant in LISTED]
COPIED = ("includes", "src", "template", "tests/runtime", "tools")
PLUGINS = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hydra_pytest"]
TESTS_FAILED = 1  # pytest's exit code; 2 and more are for what is no verdict
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")


class Field:
    """A copy of the runtime and of its tests, and a server that runs these.

    Args:
        folder: where the copy is made.
        trained: the trained example.
    """

    def __init__(self, folder: Path, trained: Path) -> None:
        """Copy the runtime and start the server."""
        self.root, self.temporary = folder / "field", folder / "temporary"
        for name in COPIED:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, self.root / name, ignore=ignored)
        for file in (ROOT / "copier.yml", ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
            if not file.name.startswith("test_"):
                shutil.copy(file, self.root / file.relative_to(ROOT))
        found = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        found |= {example.HANDED: str(trained), "OMP_NUM_THREADS": "1"}
        self.forking = ForkServer([sys.executable], self.root, found)

    def verdict(self, tests: Sequence[str]) -> int:
        """Run tests; return pytest's exit code."""
        output = self.root.parent / "output.txt"
        output.unlink(missing_ok=True)
        words = ["-x", "-q", *PLUGINS, f"--basetemp={self.temporary}", *tests]
        code = self.forking.run(self.root, output, "pytest", *words)
        print(output.read_text("utf-8")[-4000:])
        return code

    def with_fault(self, mutant: Mutant) -> int:
        """Plant a fault, run its tests, and restore the file."""
        file = self.root / example.RUNTIME.relative_to(ROOT) / mutant.file
        sound, time = file.read_text("utf-8"), file.stat().st_mtime
        file.write_text(spoilt(mutant), "utf-8")
        os.utime(file, (time, time + 10 + MUTANTS.index(mutant)))  # invalidates cached bytecode
        try:
            return self.verdict(mutant.tests)
        finally:
            file.write_text(sound, "utf-8")
            os.utime(file, (time, time))


@pytest.fixture(scope="module")
def field(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """The copy of this process, with the shared example."""
    with file_lock(shared / "example.lock"):
        trained = build_once(shared / "example", tmp_path_factory.mktemp("make"), example.make)
    field = Field(tmp_path_factory.mktemp("mutants"), trained)
    yield field
    field.forking.stop()


def spoilt(mutant: Mutant) -> str:
    """Return the text of a file of the runtime with a fault in it."""
    source = (example.RUNTIME / mutant.file).read_text("utf-8")
    assert source.count(mutant.old) == 1, f"{mutant.file} does not say {mutant.old} once"
    return source.replace(mutant.old, mutant.new)


@FORKS
@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_seen(mutant: Mutant, field: Field) -> None:
    assert field.with_fault(mutant) == TESTS_FAILED


@FORKS
@pytest.mark.slow
def test_without_a_fault_tests_of_every_folder_pass_there(field: Field) -> None:
    first = {test.rpartition("/")[0]: test for mutant in reversed(MUTANTS) for test in mutant.tests}
    assert field.verdict([*first.values()]) == 0


def test_the_faults_are_many_and_differ() -> None:
    assert len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS) >= 24


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_planted_and_its_tests_are_there(mutant: Mutant) -> None:
    compile(spoilt(mutant), mutant.file, "exec")  # a syntax error would fail every test
    for file, _, name in (test.partition("::") for test in mutant.tests):
        assert f"def {name}" in (ROOT / file).read_text("utf-8")
