"""Checks that the training library, the exported file and the served model say the same."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..data.tables import as_sent
from ..data.tables import to_rows as table_rows
from ..features.spec import matrix
from ..files import read_json, sha256, write_json
from ..models import store
from ..models.evaluate import load_scorer
from ..models.loss import score
from ..models.release import describe
from ..models.scorer import Predictions
from ..params import Params
from ..places import FEATURES, MODELS
from ..project import Project
from ..schema.contract import Schema
from ..serving.predictor import Predictor, to_rows
from .assertions import require, require_same

Row = Mapping[str, Any]
ALLOWED = 1e-5


def served(folder: Path, project: Project, params: Params) -> Predictor:
    """Load the newest candidate as it would be served, accepted or not."""
    shutil.copy(MODELS / "candidate.onnx", folder / "model.onnx")
    spec = read_json(FEATURES / "spec.json", "run: dvc repro")
    about = describe(sha256(folder / "model.onnx"), spec, project.schema, params)
    write_json(folder / "model.json", about)
    return Predictor(folder, project.schema, project.build)


def check_library(
    project: Project, params: Params, table: pl.DataFrame, name: str, allowed: float = ALLOWED
) -> None:
    """Check that an exported model scores and decides rows as the training library's does.

    Args:
        project: the project's own part.
        params: the whole of `params.yaml`.
        table: clean rows.
        name: `baseline` or `candidate`.
        allowed: the greatest difference: of probabilities; of numbers in standard deviations.
    """
    task, rows = project.schema.target.task, table_rows(table, project.schema)
    scorer, model = load_scorer(name, project, params), store.load(MODELS / f"{name}.skops")
    features = matrix(rows, scorer.features, project.build)
    own = score(model, features, task).astype(np.float32)
    found = scorer.predict(rows)
    spread: Any = table[project.schema.target.name].std() if task == "regression" else 1.0
    gap = float(np.abs(found.scores - own).max()) / float(spread)
    said = f"models/estimator.py: the exported {name} is not the library's"
    require(gap <= allowed, f"{said}: scores differ by {gap:.2g}, allowed are {allowed:g}")
    if task != "regression":
        library = Predictions(own, scorer.target, scorer.threshold).labels()
        flips = sum(a != b for a, b in zip(library, found.labels(), strict=True))
        require(not flips, f"{said}: {flips} of {len(own)} decisions differ")


def check_served(
    candidate: Predictor, project: Project, params: Params, table: pl.DataFrame
) -> None:
    """Check that the served candidate is, bit for bit, the exported one."""
    rows = table_rows(table, project.schema)
    exported = load_scorer("candidate", project, params).predict(rows)
    said = "models/candidate.onnx is served with other scores"
    require_same(candidate.predict(rows).scores, exported.scores, said)


def check_request_and_table(schema: Schema, table: pl.DataFrame) -> None:
    """Check that rows are the same whether they come from a request or from a table."""
    sent = as_sent(table, schema).write_ndjson().splitlines()
    asked, read = to_rows(map(json.loads, sent), schema), table_rows(table, schema)
    for name in schema.names:
        said = f"schema.py: {name} differs between a request and a table"
        require_same(asked[name], read[name], said)


def check_batches(predictor: Predictor, rows: Sequence[Row], sizes: Sequence[int]) -> None:
    """Check that a row scores the same in a batch of any size, and in any order."""

    def scores(part: Sequence[Row]) -> np.ndarray:
        return predictor.predict(to_rows(part, predictor.schema)).scores

    whole, said = scores(rows), "features/build.py: rows score differently in"
    require_same(scores(rows[::-1])[::-1], whole, f"{said} another order")
    for size in sizes:
        parts = [scores(rows[start : start + size]) for start in range(0, len(rows), size)]
        require_same(np.concatenate(parts), whole, f"{said} batches of {size}")
