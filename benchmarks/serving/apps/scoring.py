"""The trained model as one function, for peers that serve it: only what is around it differs.

BENCHMARK_PACKAGE names the project's package, BENCHMARK_MODELS the folder of its model.
"""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

PACKAGE, MODELS = os.environ["BENCHMARK_PACKAGE"], Path(os.environ["BENCHMARK_MODELS"])
SCHEMA = import_module(f"{PACKAGE}.schema").SCHEMA
MISSING = {"number": np.nan, "timestamp": None}

Rows = list[dict[str, Any]]


def predictor() -> Any:
    """Load the project's own features and ONNX model."""
    return import_module(f"{PACKAGE}.serving.predictor").Predictor(MODELS)


def row_features(model: Any, rows: Rows) -> np.ndarray:
    """Make the features of rows as a client sends them."""
    to_rows = import_module(f"{PACKAGE}.serving.predictor").to_rows
    return features(model, to_rows(rows))


def features(model: Any, columns: dict[str, np.ndarray]) -> np.ndarray:
    """Make the features of columns."""
    return import_module(f"{PACKAGE}.features.spec").matrix(columns, model.about["features"])


def by_onnx() -> Callable[[Rows], list[float]]:
    """Give a function from rows to scores that runs ONNX Runtime."""
    model = predictor()

    def scores(rows: Rows) -> list[float]:
        return model.scorer.predict_features(row_features(model, rows)).scores[:, 1].tolist()

    return scores


def classifier() -> Any:
    """Load the same model as scikit-learn's own."""
    import skops.io

    content = (MODELS / "candidate.skops").read_bytes()
    return skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))


def by_sklearn() -> Callable[[Rows], list[float]]:
    """Give a function from rows to scores that runs scikit-learn."""
    model, trained = predictor(), classifier()

    def scores(rows: Rows) -> list[float]:
        return trained.predict_proba(row_features(model, rows))[:, 1].tolist()

    return scores


def by_columns() -> Callable[[dict[str, np.ndarray]], np.ndarray]:
    """Give a function from columns to scores that runs scikit-learn on all cores."""
    model, trained = predictor(), classifier()
    return lambda columns: trained.predict_proba(features(model, columns))[:, 1]
