"""Stage `evaluate`: metrics and plots of the exported models on the validation set."""

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
from .metrics import measure_rows
from .scorer import Predictions, Scorer

EVALUATION = MODELS / "evaluation.json"


def load_scorer(name: str, project: Project, params: Params) -> Scorer:
    """Load the exported `baseline` or `candidate`."""
    features = read_json(FEATURES / "spec.json", "run: dvc repro features")["features"]
    content = (MODELS / f"{name}.onnx").read_bytes()
    threshold = params.decision.threshold
    return Scorer(content, features, project.schema.target, threshold, project.build)


def report(
    rows: Rows, y: np.ndarray, scores: np.ndarray, schema: Schema, params: Params
) -> dict[str, Any]:
    """Compute the metrics of all rows and of each slice.

    Returns:
        `overall`: metric to value; `slices`: slice to group to `rows` and metrics, without metrics
        for groups of fewer than `gate.min_slice_rows` rows.
    """
    predictions = Predictions(scores, schema.target, params.decision.threshold)
    slices: dict[str, Any] = {}
    for one in schema.slices:
        groups = one.assign_groups(rows)
        slices[one.name] = {}
        for group in sorted(set(groups.tolist())):
            mask = groups == group
            enough = mask.sum() >= params.gate.min_slice_rows
            values = measure_rows(schema, rows, y, predictions, mask) if enough else {}
            slices[one.name][group or "missing"] = {"rows": int(mask.sum()), **values}
    return {"overall": measure_rows(schema, rows, y, predictions), "slices": slices}


def evaluate(
    table: pl.DataFrame, project: Project, params: Params
) -> tuple[dict[str, Any], dict[str, Predictions]]:
    """Evaluate baseline and candidate on the same rows.

    Returns:
        Reports and predictions, each by model name.
    """
    schema = project.schema
    rows, y = to_rows(table, schema), encoded_target(table, schema).to_numpy()
    names = ("baseline", "candidate")
    found = {name: load_scorer(name, project, params).predict(rows) for name in names}
    return {name: report(rows, y, found[name].scores, schema, params) for name in names}, found


def main(project: Project) -> None:
    """Evaluate both models on the validation set; write metrics and plots."""
    params = read_params()
    table = read_table(PROCESSED / "validation.parquet")
    reports, predictions = evaluate(table, project, params)
    y = encoded_target(table, project.schema).to_numpy()
    plots.write(y, predictions["candidate"], reports["candidate"], params.search.choose_by)
    write_json(EVALUATION, reports)
    summary = ", ".join(
        f"{name} {value:.3f}" for name, value in reports["candidate"]["overall"].items()
    )
    print(f"evaluate: {summary}")
