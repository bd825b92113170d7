"""Shared fixtures of the runtime tests: the example, trained once per session, and its rows."""

import os
import shutil
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import Phase, settings

from tests.conftest import build_once, file_lock
from tests.runtime import example

sys.path[:0] = [str(example.sources()), str(example.TEMPLATE / "tests")]

from modelyard.project import Project, load  # noqa: E402
from modelyard.serving.predictor import Predictor  # noqa: E402

settings.register_profile("runtime", deadline=None, derandomize=True, max_examples=60)
# Of a planted fault only the verdict counts, not the smallest example.
VERDICT = (Phase.explicit, Phase.generate)
settings.register_profile("mutants", settings.get_profile("runtime"), phases=VERDICT)
settings.load_profile("mutants" if example.HANDED in os.environ else "runtime")


@pytest.fixture(scope="session", autouse=True)
def made(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained example, shared by all workers; read-only."""
    if handed := os.environ.get(example.HANDED):
        example.keep(Path(handed))
        return Path(handed)
    with file_lock(shared / "example.lock"):
        folder = build_once(shared / "example", tmp_path_factory.mktemp("make"), example.make)
    example.keep(folder)
    return folder


@pytest.fixture(autouse=True)
def _in_the_project(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test and its subprocesses in the trained project."""
    monkeypatch.chdir(made)
    for name, value in example.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def project() -> Project:
    """The project of the example: schema, features, estimator, ingestion."""
    return load(example.PACKAGE)


@pytest.fixture(scope="session")
def predictor(made: Path, project: Project) -> Predictor:
    """The accepted model."""
    return Predictor(made / "models", project.schema, project.build)


@pytest.fixture(scope="session")
def real_rows(predictor: Predictor) -> list[dict[str, Any]]:
    """300 real rows in the format of a request."""
    return predictor.examples(300)


@pytest.fixture
def workspace(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A writable copy of the pipeline's inputs and outputs, the working folder of the test."""
    for name in ("data", "features", "models"):
        shutil.copytree(made / name, tmp_path / name)
    for name in ("params.yaml", "pyproject.toml", "runtime.json"):
        shutil.copy(made / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def peak() -> Iterator[Callable[[], int]]:
    """The peak of the memory that Python and NumPy took since the start of the test."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
