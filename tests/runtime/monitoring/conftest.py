"""The healthy window and its model, made once."""

import pytest
from modelyard.monitoring.compare import Model
from modelyard.monitoring.records import Recorded
from modelyard.serving.predictor import Predictor

from tests.runtime.monitored import healthy_window, model_of


@pytest.fixture(scope="session")
def healthy(predictor: Predictor) -> Recorded:
    """Some validation rows as if they had been recorded on a day, each with its label."""
    return healthy_window(predictor)


@pytest.fixture(scope="session")
def model(healthy: Recorded, predictor: Predictor) -> Model:
    """The accepted model, were it trained and judged on the healthy window."""
    return model_of(healthy, predictor)
