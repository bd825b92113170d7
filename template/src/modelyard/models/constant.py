"""ONNX converter of scikit-learn's dummy estimators, for which skl2onnx has none."""

from typing import Any

import numpy as np
from skl2onnx import update_registered_converter
from skl2onnx.algebra.onnx_ops import OnnxArgMax, OnnxConcat, OnnxExpand, OnnxShape
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.dummy import DummyClassifier, DummyRegressor


def convert_constant(scope: Any, operator: Any, container: Any) -> None:
    """Write the scores of any row once for each row, whatever its values."""
    model, features, opset = operator.raw_operator, operator.inputs[0], container.target_opset
    names, row = [one.full_name for one in operator.outputs], np.zeros((1, features.type.shape[1]))
    classifies = isinstance(model, DummyClassifier)
    one = model.predict_proba(row) if classifies else model.predict(row).reshape(1, 1)
    rows = OnnxShape(features, start=0, end=1, op_version=opset)
    size = OnnxConcat(rows, np.array(one.shape[1:]), axis=0, op_version=opset)
    scores = OnnxExpand(one.astype(np.float32), size, op_version=opset, output_names=names[-1:])
    if classifies:
        label = OnnxArgMax(scores, axis=1, keepdims=0, op_version=opset, output_names=names[:1])
        label.add_to(scope, container)
    else:
        scores.add_to(scope, container)


for kind, shapes in (
    (DummyClassifier, calculate_linear_classifier_output_shapes),
    (DummyRegressor, calculate_linear_regressor_output_shapes),
):
    options = {"nocl": [False, True], "zipmap": [False, True]} if kind is DummyClassifier else {}
    update_registered_converter(kind, kind.__name__, shapes, convert_constant, options=options)
