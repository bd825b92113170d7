"""The step `evaluate`: measure the exported models on the validation rows, and draw."""

from typing import Any

import numpy as np
import polars as pl

from ..data.read import read_table
from ..data.tables import to_rows
from ..features.table import encoded_target
from ..files import read_json, write_json
from ..params import Params, read_params
from ..places import FEATURES, MODELS, PROCESSED
from ..project import Project
from ..schema.columns import Rows
from ..schema.contract import Schema
from . import plots
from .metrics import measure
from .scorer import Predictions, Scorer

EVALUATION = MODELS / "evaluation.json"


def load_scorer(name: str, project: Project, params: Params) -> Scorer:
    """Load an exported model, `baseline` or `candidate`."""
    features = read_json(FEATURES / "spec.json", "run: dvc repro features")["features"]
    content = (MODELS / f"{name}.onnx").read_bytes()
    threshold = params.decision.threshold
    return Scorer(content, features, project.schema.target, threshold, project.build)


def report(
    rows: Rows, y: np.ndarray, scores: np.ndarray, schema: Schema, params: Params
) -> dict[str, Any]:
    """Measure scores as a whole and slice by slice.

    Returns:
        `overall`: metric to value; `slices`: slicing to group to `rows` and metrics, the metrics
        only for groups with enough rows to say something.
    """
    task, threshold = schema.target.task, params.decision.threshold
    slices: dict[str, Any] = {}
    for part in schema.slices:
        groups = part.of(rows)
        slices[part.name] = {}
        for group in sorted(set(groups.tolist())):
            own = groups == group
            enough = own.sum() >= params.gate.min_slice_rows
            values = measure(task, y[own], scores[own], threshold) if enough else {}
            slices[part.name][group or "missing"] = {"rows": int(own.sum()), **values}
    return {"overall": measure(task, y, scores, threshold), "slices": slices}


def evaluate(
    table: pl.DataFrame, project: Project, params: Params
) -> tuple[dict[str, Any], dict[str, Predictions]]:
    """Measure baseline and candidate on the same rows.

    Returns:
        Model name to report, and model name to predictions.
    """
    schema = project.schema
    rows, y = to_rows(table, schema), encoded_target(table, schema).to_numpy()
    names = ("baseline", "candidate")
    said = {name: load_scorer(name, project, params).predict(rows) for name in names}
    return {name: report(rows, y, said[name].scores, schema, params) for name in names}, said


def main(project: Project) -> None:
    """Measure on the validation rows and write figures and plots."""
    params = read_params()
    table = read_table(PROCESSED / "validation.parquet")
    reports, said = evaluate(table, project, params)
    y = encoded_target(table, project.schema).to_numpy()
    plots.write(y, said["candidate"], reports["candidate"], params.search.choose_by)
    write_json(EVALUATION, reports)
    shown = ", ".join(
        f"{name} {value:.3f}" for name, value in reports["candidate"]["overall"].items()
    )
    print(f"evaluate: {shown}")
