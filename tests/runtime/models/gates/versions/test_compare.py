"""From automation level 2 on the gate compares a candidate with earlier versions."""

import pytest
from modelyard.models.gates.versions.compare import Comparison
from modelyard.params import Params, read_params
from modelyard.project import Project
from modelyard.serving.predictor import Predictor


@pytest.fixture
def params() -> Params:
    return read_params()


def test_the_candidate_has_all_metrics_on_the_frozen_rows_and_is_compared(
    params: Params, predictor: Predictor, project: Project
) -> None:
    comparison = Comparison(predictor.manifest, project, params)
    assert params.search.choose_by in comparison.entry["metrics"]
    assert [check.name.split(":")[0] for check in comparison.against_history()] == ["history"]
