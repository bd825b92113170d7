from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models.scorer import Predictions, Scorer
from modelyard.schema.contract import Classes, Quantity

COLOURS = Classes("colour", "", values=("red", "blue"))
SIZES = Classes("size", "", values=("S", "M", "L"))


def predicted(scores: list[list[float]], target: Any, threshold: float = 0.5) -> Predictions:
    return Predictions(np.array(scores, np.float32), target, threshold)


def test_a_binary_prediction_has_the_label_and_the_positive_score() -> None:
    records = predicted([[0.75, 0.25], [0.25, 0.75]], COLOURS).records()
    assert records == [
        {"prediction": "red", "score": 0.25},
        {"prediction": "blue", "score": 0.75},
    ]


@pytest.mark.parametrize(
    ("threshold", "label"), [(0.3, "blue"), (0.300001, "red"), (0.0, "blue"), (1.0, "red")]
)
def test_the_positive_class_is_predicted_from_the_threshold_on(
    threshold: float, label: str
) -> None:
    assert predicted([[0.7, 0.3]], COLOURS, threshold).labels() == [label]


def test_a_multiclass_prediction_has_the_likeliest_class_and_all_scores() -> None:
    records = predicted([[0.25, 0.125, 0.625], [0.5, 0.25, 0.25]], SIZES).records()
    assert records[0] == {"prediction": "L", "scores": {"S": 0.25, "M": 0.125, "L": 0.625}}
    assert records[1]["prediction"] == "S"


def test_a_regression_prediction_is_the_number() -> None:
    records = predicted([[2.5], [-1.0]], Quantity("weight", "")).records()
    assert records == [{"prediction": 2.5}, {"prediction": -1.0}]


def test_predictions_are_json_serializable() -> None:
    record = predicted([[0.25, 0.75]], COLOURS).records()[0]
    assert {type(value) for value in record.values()} == {str, float}


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x01"])
def test_an_invalid_model_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="onnxruntime cannot load the model"):
        Scorer(content, ["a"], COLOURS, 0.5, lambda rows: rows)
