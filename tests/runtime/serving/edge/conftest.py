"""Fixtures: a bundle that is shared by all tests, and its settings."""

from pathlib import Path

import pytest
from modelyard.params import read_params
from modelyard.params_operation import Edge
from modelyard.serving.edge.json_lines import BundleSettings

from tests.runtime.edge_runner import built


@pytest.fixture(scope="package")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the accepted model."""
    return built(tmp_path_factory.mktemp("edge") / "bundle")


@pytest.fixture
def settings() -> BundleSettings:
    """The settings of this project's bundles."""
    return BundleSettings(**read_params().section(Edge).model_dump())
