"""Stage `export`: convert the models to ONNX, with the same scores as in scikit-learn."""

from typing import Any

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs

from ..console import UserError
from ..data.read import first_line, read_table
from ..files import read_json, write_bytes
from ..params import read_params
from ..places import FEATURES, MODELS, PROCESSED
from ..project import Project
from ..schema.contract import Task
from . import store
from .dataset import read_dataset
from .parity import check_parity, check_unusual, too_large
from .scorer import Scorer
from .skl2onnx_patch import exact_trees


def to_bytes(model: Any, width: int, task: Task) -> bytes:
    """Convert a fitted estimator to ONNX, reproducible to the byte.

    Args:
        model: a scikit-learn estimator.
        width: number of features.
        task: kind of target, which determines the output.

    Returns:
        An ONNX file with input `features`, float32 [n, width], and the scores as only output.

    Raises:
        UserError: a part of the estimator has no ONNX converter; the message names it.
    """
    options = {} if task == "regression" else {id(model): {"zipmap": False}}
    try:
        with exact_trees():
            sample = np.zeros((1, width), np.float32)
            onnx = to_onnx(model, sample, name="model", options=options)
    except (MissingConverter, MissingShapeCalculator) as failure:
        raise UserError(f"models/estimator.py cannot be exported: {first_line(failure)}") from None
    scores = "variable" if task == "regression" else "probabilities"
    onnx = select_model_inputs_outputs(onnx, scores)
    rename_input(onnx, "features")
    sort_opsets(onnx)
    return bytes(onnx.SerializeToString(deterministic=True))


def rename_input(onnx: Any, name: str) -> None:
    """Rename the only input, in place."""
    old = onnx.graph.input[0].name
    onnx.graph.input[0].name = name
    for node in onnx.graph.node:
        for index, source in enumerate(node.input):
            if source == old:
                node.input[index] = name


def sort_opsets(onnx: Any) -> None:
    """Sort the operator sets, in place: their order would depend on PYTHONHASHSEED."""
    ordered = sorted(onnx.opset_import, key=lambda opset: opset.domain)
    copies = [(opset.domain, opset.version) for opset in ordered]
    for opset, (domain, version) in zip(onnx.opset_import, copies, strict=True):
        opset.domain, opset.version = domain, version


def main(project: Project) -> None:
    """Export baseline and candidate; write both files or neither."""
    params, schema, task = read_params(), project.schema, project.schema.target.task
    tolerance, threshold = params.gate.max_parity_gap, params.decision.threshold
    features = read_json(FEATURES / "spec.json", "run: dvc repro features")["features"]
    rows, table = read_dataset("validation", schema), read_table(PROCESSED / "validation.parquet")
    contents = {}
    for name in ("baseline", "candidate"):
        model = store.load(MODELS / f"{name}.skops")
        content = contents[name] = to_bytes(model, len(features), task)
        scorer = Scorer(content, features, schema.target, threshold, project.build)
        gap = check_parity(scorer, model, rows, task, tolerance)
        check_unusual(scorer, model, content, table, schema, tolerance)
        print(
            f"export: {name} differs from scikit-learn by at most {gap:.2g} in {len(rows.y):,} rows"
        )
    if large := too_large(rows.X, features):
        print(f"export: {large}")
    for name, content in contents.items():
        write_bytes(MODELS / f"{name}.onnx", content)
