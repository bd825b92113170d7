"""From automation level 2 on the gate compares a candidate with earlier versions."""

from pathlib import Path

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.gates.versions.compare import SERVING_DIR, Comparison
from modelyard.models.scorer import Predictions
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


def test_the_candidate_is_compared_with_the_model_that_retraining_says_serves(
    params: Params,
    predictor: Predictor,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comparison, none = Comparison(predictor.manifest, project, params), np.array([])
    predictions = Predictions(np.empty((0, 2), np.float32), project.schema.target, 0.5)
    (accepted,) = comparison.against_serving({}, none, predictions)
    assert accepted.note == "there is no other serving model"
    (tmp_path / "model.json").write_text("{", "utf-8")
    monkeypatch.setenv(SERVING_DIR, str(tmp_path))
    with pytest.raises(UserError, match=f"{tmp_path}/model.json is not JSON"):
        comparison.against_serving({}, none, predictions)
