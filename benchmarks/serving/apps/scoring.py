"""The trained model as a function for the peers, so that only the server around it differs.

BENCHMARK_PACKAGE is the name of the project's package, BENCHMARK_MODELS the model's folder.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from modelyard.features.spec import matrix
from modelyard.project import load
from modelyard.serving.predictor import Predictor, to_rows

PROJECT, MODELS = load(os.environ["BENCHMARK_PACKAGE"]), Path(os.environ["BENCHMARK_MODELS"])
SCHEMA = PROJECT.schema
MISSING = {"number": np.nan, "timestamp": None}

Rows = list[dict[str, Any]]


def predictor() -> Predictor:
    """Load the project's own features and ONNX model."""
    return Predictor(MODELS, SCHEMA, PROJECT.build)


def row_features(model: Predictor, rows: Rows) -> np.ndarray:
    """Compute the features of rows as a client sends them."""
    return features(model, to_rows(rows, SCHEMA))


def features(model: Predictor, columns: dict[str, np.ndarray]) -> np.ndarray:
    """Compute the features of columns."""
    return matrix(columns, model.manifest["features"], PROJECT.build)


def by_onnx() -> Callable[[Rows], list[float]]:
    """Return a function that scores rows with ONNX Runtime."""
    model = predictor()

    def scores(rows: Rows) -> list[float]:
        return model.scorer.predict_features(row_features(model, rows)).scores[:, 1].tolist()

    return scores


def classifier() -> Any:
    """Load the same model as a scikit-learn estimator."""
    import skops.io

    content = (MODELS / "candidate.skops").read_bytes()
    return skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))


def by_sklearn() -> Callable[[Rows], list[float]]:
    """Return a function that scores rows with scikit-learn."""
    model, trained = predictor(), classifier()

    def scores(rows: Rows) -> list[float]:
        return trained.predict_proba(row_features(model, rows))[:, 1].tolist()

    return scores


def by_columns() -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    """Return a function that scores columns with scikit-learn on all cores."""
    model, trained = predictor(), classifier()
    return lambda columns: trained.predict_proba(features(model, columns))[:, 1]
