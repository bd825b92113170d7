"""Stage `export`: convert the models to ONNX, with the same scores as in scikit-learn."""

from typing import Any

import numpy as np
import polars as pl
import skl2onnx
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs

from ..console import UserError
from ..data.read import first_line, read_table
from ..data.tables import to_rows
from ..files import read_json, write_bytes
from ..params import read_params
from ..places import FEATURES, MODELS, PROCESSED
from ..project import Project
from ..schema.contract import Schema, Task
from . import store
from .dataset import Dataset, read_dataset
from .loss import score
from .scorer import Scorer
from .skl2onnx_patch import exact_trees
from .unusual_rows import unusual_rows

COPIES = 200  # number of rows that are copied for each unusual value
ROUNDING = 5e-7  # float32 may round a score by less, and flip it at the threshold
EXACT = 2**24  # float32 holds all whole numbers up to this one


def to_onnx(model: Any, features: list[str], opsets: dict[str, int] | None = None) -> Any:
    """Convert a fitted estimator by skl2onnx; used unless the project has its own `to_onnx`.

    Args:
        model: a scikit-learn estimator, or one with a registered converter.
        features: names of the features.
        opsets: the highest version of each operator set, if not skl2onnx's.

    Returns:
        An `onnx.ModelProto` with the input `features`, float32 [n, features].
    """
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else {}
    inputs = [("features", FloatTensorType([None, len(features)]))]
    with exact_trees():
        return skl2onnx.to_onnx(model, None, "model", inputs, opsets, options)


def to_bytes(model: Any, features: list[str], task: Task, estimator: Any = None) -> bytes:
    """Convert a fitted estimator to ONNX, reproducible to the byte.

    Args:
        model: the estimator.
        features: names of the features.
        task: kind of target, which determines the output.
        estimator: the project's module; its `to_onnx(model, features)` is used if it has one.

    Returns:
        An ONNX file with input `features`, float32 [n, features], and the scores as only output.

    Raises:
        UserError: the estimator cannot be converted, or the result has other inputs or outputs.
    """
    try:
        onnx = getattr(estimator, "to_onnx", to_onnx)(model, features)
        graph = onnx.graph
        inputs, outputs = ([one.name for one in part] for part in (graph.input, graph.output))
    except Exception as failure:  # each library has its own
        raise UserError(f"models/estimator.py cannot be exported: {first_line(failure)}") from None
    scores = "variable" if task == "regression" else "probabilities"
    if inputs != ["features"] or (scores not in outputs and len(outputs) != 1):
        raise UserError(
            f"models/estimator.py: to_onnx returns a model with inputs {inputs} and outputs "
            f"{outputs}, allowed are the input features, and one output or one named {scores}"
        )
    if len(outputs) > 1:
        onnx = select_model_inputs_outputs(onnx, scores)
    sort_opsets(onnx)
    return bytes(onnx.SerializeToString(deterministic=True))


def sort_opsets(onnx: Any) -> None:
    """Sort the operator sets, in place: their order would depend on PYTHONHASHSEED."""
    ordered = sorted(onnx.opset_import, key=lambda opset: opset.domain)
    copies = [(opset.domain, opset.version) for opset in ordered]
    for opset, (domain, version) in zip(onnx.opset_import, copies, strict=True):
        opset.domain, opset.version = domain, version


def check_parity(scorer: Scorer, model: Any, rows: Dataset, task: Task, tolerance: float) -> float:
    """Compare the scores of the exported model with those of scikit-learn.

    Returns:
        The largest difference; for regression, relative to the standard deviation of the target,
        or to the number if that is greater, as float32 has seven digits.

    Raises:
        UserError: the difference exceeds `tolerance`, or the predicted class of a row differs.
    """
    library, exported = score(model, rows.X, task), scorer.predict_features(rows.X)
    if exported.scores.shape != library.shape:
        raise UserError(
            f"models/estimator.py: the exported scores have the shape {exported.scores.shape}, "
            f"allowed is that of the training library, {library.shape}"
        )
    least = max(float(np.std(rows.y)), 1e-12) if task == "regression" else 1.0
    scale = np.maximum(np.abs(library).max(axis=1), least)
    gap = np.abs(library - exported.scores.astype(np.float64)).max(axis=1) / scale
    own = type(exported)(library.astype(np.float32), scorer.target, scorer.threshold)
    flips = (own.class_indices() != exported.class_indices()) & (gap > ROUNDING)
    if not gap.max() <= tolerance or flips.any():  # also if a score is not a number
        cause = too_large(rows.X[gap.argmax()], scorer.features)
        raise UserError(
            f"ONNX and scikit-learn differ by {gap.max():.2g} in row {gap.argmax()} and in "
            f"{flips.sum()} decisions of {len(gap)}, allowed are {tolerance:g} and 0 (params.yaml: "
            f"gate.max_parity_gap); {cause or 'a scaler in front of trees is the usual cause'}"
        )
    return float(gap.max())


def too_large(features: np.ndarray, names: list[str]) -> str:
    """Name a whole number in a row of features that float32 may round; "" if there is none."""
    for name, value in zip(names, features.tolist(), strict=True):
        if abs(value) > EXACT:
            return f"feature {name} is {value:,.0f}, float32 rounds whole numbers above {EXACT:,}"
    return ""


def check_unusual(
    scorer: Scorer, model: Any, content: bytes, table: pl.DataFrame, schema: Schema, most: float
) -> None:
    """Compare the scores of copies of rows with missing, extreme and unknown values.

    Raises:
        UserError: a difference exceeds `most`, a class differs, or scikit-learn refuses the rows.
    """
    few = table.gather_every(max(1, table.height // COPIES)).head(COPIES)
    y = few[schema.target.name].to_numpy()
    for what, X in unusual_rows(scorer, content, to_rows(few, schema), schema):
        try:
            check_parity(scorer, model, Dataset(X, y), schema.target.task, most)
        except (UserError, ValueError) as failure:
            raise UserError(
                f"models/estimator.py: in rows where {what}: {first_line(failure)}; impute such "
                "values in the estimator, or do not allow them in schema.py"
            ) from None


def main(project: Project) -> None:
    """Export baseline and candidate; write both files or neither."""
    params, schema, estimator = read_params(), project.schema, project.estimator
    task = schema.target.task
    tolerance, threshold = params.gate.max_parity_gap, params.decision.threshold
    features = read_json(FEATURES / "spec.json", "run: dvc repro features")["features"]
    rows, table = read_dataset("validation", schema), read_table(PROCESSED / "validation.parquet")
    contents = {}
    for name in ("baseline", "candidate"):
        model = store.load(MODELS / f"{name}.skops", estimator)
        content = contents[name] = to_bytes(model, features, task, estimator)
        scorer = Scorer(content, features, schema.target, threshold, project.build)
        gap = check_parity(scorer, model, rows, task, tolerance)
        check_unusual(scorer, model, content, table, schema, tolerance)
        print(
            f"export: {name} differs from scikit-learn by at most {gap:.2g} in {len(rows.y):,} rows"
        )
    if note := too_large(np.nanmax(np.abs(rows.X), axis=0), features):
        print(f"export: {note}")
    for name, content in contents.items():
        write_bytes(MODELS / f"{name}.onnx", content)
