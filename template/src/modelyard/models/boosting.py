"""ONNX converters of LightGBM's and XGBoost's estimators, alone or in a pipeline, by onnxmltools.

A project's `models/estimator.py` names `to_onnx` and `TRUSTED_TYPES` of this module as its own.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
from skl2onnx import get_latest_tested_opset_version, update_registered_converter
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)

from . import export

# parts of the libraries' fitted estimators: making one reads a model's text or bytes, no code
TRUSTED_TYPES = (
    "collections.OrderedDict",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBRegressor",
)

ZERO = np.float32(1e-35)  # LightGBM takes values up to this one, and their negatives, for 0
# onnxmltools writes the operators of this version for trees
OPSETS = {"": get_latest_tested_opset_version(), "ai.onnx.ml": 3}


def to_onnx(model: Any, features: list[str]) -> Any:
    """Convert a fitted estimator, or a pipeline with one; as `export.to_onnx`."""
    with ExitStack() as patches:
        if "xgboost" in sys.modules:
            register_xgboost()
        if "lightgbm" in sys.modules:
            patches.enter_context(exact_lightgbm())
        return export.to_onnx(model, features, OPSETS)


def register_xgboost() -> None:
    """Register the converter of XGBoost's estimators."""
    from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
    from xgboost import XGBClassifier, XGBRegressor

    _register(XGBClassifier, XGBRegressor, convert_xgboost, {})


@contextmanager
def exact_lightgbm() -> Iterator[None]:
    """Register the converter of LightGBM's estimators, and make it write what the library does.

    Thresholds, which are float64, are rounded down to float32. Where a feature had no missing
    values in training, the library takes a missing one for 0.
    """
    from lightgbm import LGBMClassifier, LGBMRegressor
    from onnxmltools.convert.lightgbm.operator_converters import LightGbm

    _register(LGBMClassifier, LGBMRegressor, LightGbm.convert_lightgbm, {"split": None})
    parse = LightGbm._parse_tree_structure

    def parse_exact(tree: int, kind: int, rate: float, node: Any, attributes: Any) -> None:
        make_exact(node)
        parse(tree, kind, rate, node, attributes)

    with patch.object(LightGbm, "_parse_tree_structure", parse_exact):
        yield


def _register(classifier: type, regressor: type, convert: Any, options: dict[str, Any]) -> None:
    shapes, both = calculate_linear_classifier_output_shapes, [False, True]
    kinds = {"nocl": both, "zipmap": both}
    update_registered_converter(classifier, classifier.__name__, shapes, convert, options=kinds)
    shapes = calculate_linear_regressor_output_shapes
    update_registered_converter(regressor, regressor.__name__, shapes, convert, options=options)


def make_exact(node: dict[str, Any]) -> None:
    """Replace thresholds and ways of missing values in a tree of LightGBM, in place."""
    if "left_child" not in node:
        return
    if node["decision_type"] == "<=":
        node["threshold"] = round_down(node["threshold"])
        if node["missing_type"] == "None":
            node["default_left"] = node["threshold"] >= 0
    for side in ("left_child", "right_child"):
        make_exact(node[side])


def round_down(threshold: float) -> float:
    """Return the greatest float32 value that LightGBM sends to the left of a threshold."""
    if abs(threshold) <= float(ZERO):
        return float(ZERO if threshold >= 0 else np.nextafter(-ZERO, -2 * ZERO))
    rounded = np.float32(threshold)
    if float(rounded) > threshold:  # NumPy would compare in float32
        rounded = np.nextafter(rounded, np.float32(-np.inf))
    return float(rounded)
