"""Fixtures of small trainings and of the candidate as it would be served."""

import shutil
from pathlib import Path

import pytest
from flight_delays.schema import SCHEMA
from modelyard.files import (
    read_json,
    sha256,
    write_json,
)
from modelyard.models.dataset import Dataset, read_dataset
from modelyard.models.release import metadata
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.serving.predictor import Predictor

from tests.runtime import example
from tests.runtime.small_training import Notes, shrink, train_here


@pytest.fixture(scope="session")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A read-only folder with reduced inputs of the stage `train`."""
    folder = tmp_path_factory.mktemp("small") / "files"
    shrink(example.place(), folder)
    return folder


@pytest.fixture
def small(small_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with reduced inputs of the stage `train`, the working folder of the test."""
    folder = Path(shutil.copytree(small_files, tmp_path / "small"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def few_rows(small_files: Path) -> tuple[Dataset, Dataset]:
    """A few training and validation rows."""
    folder = small_files / "features"
    return read_dataset("train", SCHEMA, folder), read_dataset("validation", SCHEMA, folder)


@pytest.fixture(scope="session")
def whole(small_files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Notes]:
    """The folder of an uninterrupted small training, and its progress."""
    folder = Path(shutil.copytree(small_files, tmp_path_factory.mktemp("whole") / "small"))
    notes = Notes()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        train_here(notes)
    return folder, notes


@pytest.fixture(scope="session")
def candidate(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    """The newest candidate, loaded for serving."""
    place, folder = example.place(), tmp_path_factory.mktemp("candidate")
    shutil.copy(place / "models" / "candidate.onnx", folder / "model.onnx")
    spec = read_json(place / "features" / "spec.json", "run: dvc repro")
    params = read_params(place / "params.yaml")
    about = metadata(sha256(folder / "model.onnx"), spec, project.schema, params)
    write_json(folder / "model.json", about)
    return Predictor(folder, project.schema, project.build)
