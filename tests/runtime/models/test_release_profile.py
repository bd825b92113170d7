import numpy as np
import pytest
from modelyard.models.release import REQUIRED_KEYS, reference_profile, score_columns
from modelyard.models.scorer import Predictions
from modelyard.schema.contract import Classes, Quantity

TWO = Classes("fate", "", values=("kept", "returned"))
THREE = Classes("fate", "", values=("kept", "lost", "returned"))


@pytest.mark.parametrize(
    ("target", "scores", "expected"),
    [
        (TWO, [[0.25, 0.75]], {"score": [0.75]}),
        (
            THREE,
            [[0.25, 0.5, 0.25]],
            {"score of kept": [0.25], "score of lost": [0.5], "score of returned": [0.25]},
        ),
        (Quantity("profit", ""), [[-2.0]], {"prediction": [-2.0]}),
    ],
)
def test_scores_are_named_for_each_kind_of_target(
    target: Classes | Quantity, scores: list[list[float]], expected: dict[str, list[float]]
) -> None:
    found = score_columns(Predictions(np.array(scores, np.float32), target, 0.5))
    assert {name: values.tolist() for name, values in found.items()} == expected


def test_a_reference_holds_what_monitors_need() -> None:
    predictions = Predictions(np.array([[0.25, 0.75], [0.75, 0.25]], np.float32), TWO, 0.5)
    spec = {"rows": 9, "columns": {}}
    profile = reference_profile("v1", spec, {"overall": {"roc_auc": 0.7}}, predictions, 2)
    assert [*profile] == [*REQUIRED_KEYS]
    assert profile["scores"]["score"]["shares"] == [0.5, 0.5]
    assert profile["test"] == {"roc_auc": 0.7}
