"""A small repository whose pipeline has made a model of a few bytes, and a registry in it."""

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


def forget_surroundings(patch: pytest.MonkeyPatch) -> None:
    """Let the registry keep what it keeps in the folder in which the test runs."""
    for name in ("CI", "MLFLOW_TRACKING_URI"):
        patch.delenv(name, raising=False)


@pytest.fixture
def tracker() -> str:
    """The experiment tracker that is chosen; where it is MLflow, that keeps the registry."""
    return "dvclive"


@pytest.fixture(scope="session")
def born(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the repository for a tracker, with a committed model; nobody may change it."""

    @cache
    def make(tracker: str) -> Path:
        folder = tmp_path_factory.mktemp("born") / "repository"
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            forget_surroundings(patch)
            patch.chdir(folder)
            bear(tracker)
        return folder

    return make


def bear(tracker: str) -> None:
    """Make the repository here."""
    git("init", "--quiet", "--initial-branch=main")
    Repo.init(".").close()
    chosen = example.PYPROJECT.replace('"dvclive"', f'"{tracker}"')
    Path("pyproject.toml").write_text(chosen, "utf-8")
    Path("dvc.yaml").write_text(yaml.safe_dump(STAGES), "utf-8")
    Path(".gitignore").write_text("/served/\n/mlflow.db*\n/reports/requests/\n", "utf-8")
    make_model("first")
    open_backend(example.PACKAGE)  # makes the store, if it is not git's tags


@pytest.fixture
def repository(
    born: Callable[[str], Path], tracker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the repository, in which the test starts."""
    folder = Path(shutil.copytree(born(tracker), tmp_path / "repository"))
    forget_surroundings(monkeypatch)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def registry(repository: Path) -> Backend:
    """The repository's registry, without a version."""
    return open_backend(example.PACKAGE)
