"""Fixtures for the checks: rows of the example, its candidate, a small pipeline."""

from pathlib import Path

import pytest
from modelyard.params import Params, read_params
from modelyard.project import Project
from modelyard.serving.predictor import Predictor
from modelyard.testing.data import Prepared, read_prepared
from modelyard.testing.parity import served
from modelyard.testing.small import run_pipeline
from modelyard.testing.training import Training, read_training


@pytest.fixture
def prepared() -> Prepared:
    return read_prepared()


@pytest.fixture
def params() -> Params:
    return read_params()


@pytest.fixture
def training(project: Project, params: Params) -> Training:
    return read_training(project, params)


@pytest.fixture
def candidate(project: Project, params: Params, tmp_path: Path) -> Predictor:
    (tmp_path / "candidate").mkdir()
    return served(tmp_path / "candidate", project, params)


@pytest.fixture(scope="session")
def small(made: Path, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A read-only folder in which the whole pipeline has run on few rows."""
    folder = tmp_path_factory.mktemp("small")
    run_pipeline(project, made, folder)
    return folder
