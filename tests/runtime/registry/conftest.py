"""A small repository whose pipeline has made a model of a few bytes, and a registry in it."""

import shutil
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo
from modelyard.registry.backend import Backend
from modelyard.registry.chosen import open_backend

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


@pytest.fixture(scope="session")
def born(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, with a committed model; nobody may change it."""
    folder = tmp_path_factory.mktemp("born") / "repository"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        forget_surroundings(patch)
        patch.chdir(folder)
        git("init", "--quiet", "--initial-branch=main")
        Repo.init(".").close()
        Path("dvc.yaml").write_text(yaml.safe_dump(STAGES), "utf-8")
        Path(".gitignore").write_text("/served/\n/mlflow.db*\n/reports/requests/\n", "utf-8")
        make_model("first")
        open_backend()  # makes the store, if it is not git's tags
    return folder


@pytest.fixture
def repository(born: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository, in which the test starts."""
    folder = Path(shutil.copytree(born, tmp_path / "repository"))
    forget_surroundings(monkeypatch)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def registry(repository: Path) -> Backend:
    """The repository's registry, without a version: that which the project uses."""
    return open_backend()
