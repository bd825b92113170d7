"""Fixtures: the code of this project, outputs of the pipeline, real rows."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from modelyard.params import Params, read_params
from modelyard.project import Project, find
from modelyard.schema.contract import Schema
from modelyard.serving.predictor import Predictor
from modelyard.testing import data
from modelyard.testing.data import Prepared, read_prepared
from modelyard.testing.parity import served
from modelyard.testing.small import run_pipeline
from modelyard.testing.training import Training, read_training

ROOT = Path(__file__).parents[1]
MADE = {"prepared", "training", "predictor", "candidate", "real_rows", "small"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that read outputs of the pipeline."""
    for item in items:
        if MADE & set(getattr(item, "fixturenames", ())):
            item.add_marker("made")


@pytest.fixture(scope="session", autouse=True)
def _in_the_project() -> Iterator[None]:
    """Run every test in the folder of the project, wherever pytest was started."""
    with chdir(ROOT):
        yield


@pytest.fixture(scope="session")
def project() -> Project:
    """Return schema, features, estimators and ingest of this project."""
    return find()


@pytest.fixture(scope="session")
def schema(project: Project) -> Schema:
    """Return the schema of a row."""
    return project.schema


@pytest.fixture(scope="session")
def params() -> Params:
    """Return the parameters in `params.yaml`."""
    return read_params()


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    """Return the ingested rows and their splits."""
    return read_prepared()


@pytest.fixture(scope="session")
def training(project: Project, params: Params) -> Training:
    """Return few rows, and the functions that train on them."""
    return read_training(project, params)


@pytest.fixture(scope="session")
def predictor(project: Project) -> Predictor:
    """Return the accepted model; without one the tests fail with: run dvc repro."""
    return Predictor(ROOT / "models", project.schema, project.build)


@pytest.fixture(scope="session")
def candidate(
    project: Project, params: Params, tmp_path_factory: pytest.TempPathFactory
) -> Predictor:
    """Return the newest candidate as a served model, accepted or not."""
    return served(tmp_path_factory.mktemp("candidate"), project, params)


@pytest.fixture(scope="session")
def real_rows(prepared: Prepared, schema: Schema) -> list[dict[str, Any]]:
    """Return up to 300 real rows, as a client sends them."""
    return data.real_rows(prepared, schema, 300)


@pytest.fixture(scope="session")
def small(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the whole pipeline has run on few rows."""
    folder = tmp_path_factory.mktemp("small")
    run_pipeline(project, ROOT, folder)
    return folder
