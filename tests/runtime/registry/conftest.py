"""Fixtures: a small repository with a committed model of a few bytes, and its registry."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo
from modelyard.registry.backend import Backend, open_backend

from tests.runtime import example
from tests.runtime.registered import git, make_model

History = Callable[[], None]
FILES = ("card.md", "examples.jsonl", "model.json", "model.onnx", "reference.json")
STAGES = {
    "stages": {
        "ingest": {"cmd": "echo", "outs": ["data/raw/rows.parquet"]},
        "gate": {
            "cmd": "echo",
            "deps": ["data/raw/rows.parquet"],
            "outs": [{f"models/{name}": {"persist": True}} for name in FILES],
            "metrics": [{"models/metrics.json": {"cache": False, "persist": True}}],
        },
    }
}


def clear_environment(patch: pytest.MonkeyPatch) -> None:
    """Unset variables that move the registry out of the working folder."""
    for name in ("CI", "MLFLOW_TRACKING_URI"):
        patch.delenv(name, raising=False)


@pytest.fixture
def tracker() -> str:
    """Experiment tracker of the project; with MLflow it also stores the registry."""
    return "dvclive"


@pytest.fixture(scope="session")
def template_repository(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, History], Path]:
    """Return a function from a tracker and a history to a repository; tests use copies of it."""

    @cache
    def make(tracker: str, history: History) -> Path:
        folder = tmp_path_factory.mktemp("template") / "repository"
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            clear_environment(patch)
            patch.chdir(folder)
            create_repository(tracker)
            history()
        return folder

    return make


def create_repository(tracker: str) -> None:
    """Create the repository in the working folder."""
    git("init", "--quiet", "--initial-branch=main")
    Repo.init(".").close()
    chosen = example.PYPROJECT.replace('"dvclive"', f'"{tracker}"')
    Path("pyproject.toml").write_text(chosen, "utf-8")
    Path("dvc.yaml").write_text(yaml.safe_dump(STAGES), "utf-8")
    Path(".gitignore").write_text("/served/\n/mlflow.db*\n/reports/requests/\n", "utf-8")
    make_model("first")
    open_backend(example.PACKAGE)  # creates the store of MLflow


def nothing() -> None:
    """Leave the repository as it is."""


@pytest.fixture
def repository_after(
    template_repository: Callable[[str, History], Path],
    tracker: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[History], Path]:
    """Return a function that copies the repository as working folder.

    The history is a function that runs in it once per session.
    """

    def copy(history: History) -> Path:
        made = template_repository(tracker, history)
        folder = Path(shutil.copytree(made, tmp_path / "repository"))
        clear_environment(monkeypatch)
        monkeypatch.chdir(folder)
        return folder

    return copy


@pytest.fixture
def history() -> History:
    """What has happened in the repository, which a test overrides by its parameter."""
    return nothing


@pytest.fixture
def repository(repository_after: Callable[[History], Path], history: History) -> Path:
    """A copy of the repository as working folder."""
    return repository_after(history)


@pytest.fixture
def registry(repository: Path) -> Backend:
    """The repository's registry, without versions."""
    return open_backend(example.PACKAGE)
