"""Fixtures: the healthy window and its model."""

import pytest
from modelyard.monitoring.compare import Model
from modelyard.monitoring.records import Records
from modelyard.serving.predictor import Predictor

from tests.runtime.monitored import healthy_window, model_of


@pytest.fixture(scope="session")
def healthy(predictor: Predictor) -> Records:
    """Validation rows as if they had been recorded on one day, each with its label."""
    return healthy_window(predictor)


@pytest.fixture(scope="session")
def model(healthy: Records, predictor: Predictor) -> Model:
    """A model whose reference statistics and metrics are those of the healthy window."""
    return model_of(healthy, predictor)
