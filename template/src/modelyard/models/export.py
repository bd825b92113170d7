"""The step `export`: models as ONNX files, written only if they score as the library's do."""

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
from .skl2onnx_patch import whole_numbers


def to_bytes(model: Any, width: int, task: Task) -> bytes:
    """Convert a fitted estimator, the same bytes for the same model.

    Args:
        model: a scikit-learn estimator.
        width: how many features it reads.
        task: decides which output is kept.

    Returns:
        An ONNX file that reads `features` float32 [n, width] and gives nothing but the scores.

    Raises:
        UserError: a part of the estimator has no ONNX form; the text names it.
    """
    options = {} if task == "regression" else {id(model): {"zipmap": False}}
    try:
        with whole_numbers():
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
    """Give the only input another name, in place."""
    old = onnx.graph.input[0].name
    onnx.graph.input[0].name = name
    for node in onnx.graph.node:
        for place, source in enumerate(node.input):
            if source == old:
                node.input[place] = name


def sort_opsets(onnx: Any) -> None:
    """Put the operator sets in order, in place: else it changes with PYTHONHASHSEED."""
    ordered = sorted(onnx.opset_import, key=lambda opset: opset.domain)
    copies = [(opset.domain, opset.version) for opset in ordered]
    for opset, (domain, version) in zip(onnx.opset_import, copies, strict=True):
        opset.domain, opset.version = domain, version


def check_parity(scorer: Scorer, model: Any, rows: Dataset, task: Task, greatest: float) -> float:
    """Compare the exported model's scores with the library's, row by row.

    Returns:
        The greatest difference; for numbers, relative to their standard deviation.

    Raises:
        UserError: it exceeds `greatest`, or a row's predicted class differs.
    """
    library = score(model, rows.X, task).astype(np.float64)
    exported = scorer.predict_features(rows.X)
    scale = max(float(np.std(rows.y)), 1e-12) if task == "regression" else 1.0
    gap = np.abs(library - exported.scores).max(axis=1) / scale
    own = type(exported)(library.astype(np.float32), scorer.target, scorer.threshold)
    flips = sum(a != b for a, b in zip(own.labels(), exported.labels(), strict=True))
    flips = 0 if task == "regression" else flips
    if gap.max() > greatest or flips:
        raise UserError(
            f"ONNX and scikit-learn differ by {gap.max():.2g} in row {gap.argmax()} and in "
            f"{flips} decisions of {len(gap)}, allowed are {greatest:g} and 0 "
            "(params.yaml: gate.max_parity_gap); a scaler in front of trees is the usual cause"
        )
    return float(gap.max())


def main(project: Project) -> None:
    """Export baseline and candidate; write both files or none."""
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
            f"export: {name} differs from scikit-learn by {gap:.2g} at most, {len(rows.y):,} rows"
        )
    for name, content in contents.items():
        write_bytes(MODELS / f"{name}.onnx", content)
