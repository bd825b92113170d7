"""What the accepted model saw and reached: what the monitors compare with."""

from typing import Any

from ..features.statistics import number
from ..schema.columns import Rows
from .scorer import Predictions

REFERENCE = "reference.json"
NEEDED = ("version", "training_rows", "columns", "test_rows", "scores", "test")


def reference(
    version: str,
    spec: dict[str, Any],
    test: dict[str, Any],
    predictions: Predictions,
    bins: int,
) -> dict[str, Any]:
    """Describe the training rows, and scores and metrics on the test rows.

    Args:
        version: of the model.
        spec: what `features/spec.json` says of the training rows.
        test: the model's report on the test rows, with `overall`.
        predictions: the model's, of the same rows.
        bins: how many equally filled bins the scores are put into, at most.
    """
    return {
        "version": version,
        "training_rows": spec["rows"],
        "columns": spec["columns"],
        "test_rows": len(predictions.scores),
        "scores": {name: number(values, bins) for name, values in scores(predictions).items()},
        "test": test["overall"],
    }


def scores(predictions: Predictions) -> Rows:
    """Name what a model says, as numbers: the positive class's score, each class's, the number."""
    said = predictions.scores.astype(float)
    if predictions.target.task == "binary":
        return {"score": said[:, 1]}
    if predictions.target.task == "regression":
        return {"prediction": said[:, 0]}
    names = predictions.target.values
    return {f"score of {name}": said[:, place] for place, name in enumerate(names)}
