"""Stage `export`: convert the models to ONNX, with the same scores as in scikit-learn."""

from typing import Any

import numpy as np
from skl2onnx import to_onnx
from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs

from ..console import UserError
from ..data.read import first_line
from ..files import read_json, write_bytes
from ..params import read_params
from ..places import FEATURES, MODELS
from ..project import Project
from ..schema.contract import Task
from . import store
from .dataset import Dataset, read_dataset
from .loss import score
from .scorer import Scorer
from .skl2onnx_patch import integer_flags


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
        with integer_flags():
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


def check_parity(scorer: Scorer, model: Any, rows: Dataset, task: Task, tolerance: float) -> float:
    """Compare the scores of the exported model with those of scikit-learn.

    Returns:
        The largest difference; for regression, relative to the standard deviation of the target.

    Raises:
        UserError: the difference exceeds `tolerance`, or the predicted class of a row differs.
    """
    library = score(model, rows.X, task).astype(np.float64)
    exported = scorer.predict_features(rows.X)
    scale = max(float(np.std(rows.y)), 1e-12) if task == "regression" else 1.0
    gap = np.abs(library - exported.scores).max(axis=1) / scale
    own = type(exported)(library.astype(np.float32), scorer.target, scorer.threshold)
    flips = sum(a != b for a, b in zip(own.labels(), exported.labels(), strict=True))
    flips = 0 if task == "regression" else flips
    if gap.max() > tolerance or flips:
        raise UserError(
            f"ONNX and scikit-learn differ by {gap.max():.2g} in row {gap.argmax()} and in "
            f"{flips} decisions of {len(gap)}, allowed are {tolerance:g} and 0 "
            "(params.yaml: gate.max_parity_gap); a scaler in front of trees is the usual cause"
        )
    return float(gap.max())


def main(project: Project) -> None:
    """Export baseline and candidate; write both files or neither."""
    params, schema, task = read_params(), project.schema, project.schema.target.task
    features = read_json(FEATURES / "spec.json", "run: dvc repro features")["features"]
    rows = read_dataset("validation", schema)
    contents = {}
    for name in ("baseline", "candidate"):
        model = store.load(MODELS / f"{name}.skops")
        contents[name] = to_bytes(model, len(features), task)
        content, threshold = contents[name], params.decision.threshold
        scorer = Scorer(content, features, schema.target, threshold, project.build)
        gap = check_parity(scorer, model, rows, task, params.gate.max_parity_gap)
        print(
            f"export: {name} differs from scikit-learn by at most {gap:.2g} in {len(rows.y):,} rows"
        )
    for name, content in contents.items():
        write_bytes(MODELS / f"{name}.onnx", content)
