"""Reference profile of the accepted model: data, scores and metrics, for monitoring."""

from typing import Any

from ..features.statistics import describe_number
from ..schema.columns import Rows
from .scorer import Predictions

REFERENCE = "reference.json"
REQUIRED_KEYS = ("version", "training_rows", "columns", "test_rows", "scores", "test")


def reference_profile(
    version: str,
    spec: dict[str, Any],
    test: dict[str, Any],
    predictions: Predictions,
    bins: int,
) -> dict[str, Any]:
    """Build the profile of the training rows, and of scores and metrics on the test set."""
    return {
        "version": version,
        "training_rows": spec["rows"],
        "columns": spec["columns"],
        "test_rows": len(predictions.scores),
        "scores": {k: describe_number(v, bins) for k, v in score_columns(predictions).items()},
        "test": test["overall"],
    }


def score_columns(predictions: Predictions) -> Rows:
    """Return scores by name: of the positive class, of each class, or the predicted number."""
    scores = predictions.scores.astype(float)
    if predictions.target.task == "binary":
        return {"score": scores[:, 1]}
    if predictions.target.task == "regression":
        return {"prediction": scores[:, 0]}
    names = predictions.target.values
    return {f"score of {name}": scores[:, index] for index, name in enumerate(names)}
