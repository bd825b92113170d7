"""Checks that training library, exported model and served model give the same scores."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from ..data.tables import to_request_form
from ..data.tables import to_rows as table_rows
from ..features.spec import matrix
from ..features.table import encoded_target
from ..files import read_json, sha256, write_json
from ..models import store
from ..models.dataset import Dataset
from ..models.evaluate import load_scorer
from ..models.export import check_parity, check_unusual
from ..models.release import metadata
from ..params import Params
from ..places import FEATURES, MODELS
from ..project import Project
from ..schema.contract import Schema
from ..serving.predictor import Predictor, Row, to_rows
from .behaviour import scores

ALLOWED = 1e-5


def served(folder: Path, project: Project, params: Params) -> Predictor:
    """Load the newest candidate for serving, accepted or not."""
    shutil.copy(MODELS / "candidate.onnx", folder / "model.onnx")
    spec = read_json(FEATURES / "spec.json", "run: dvc repro")
    model_info = metadata(sha256(folder / "model.onnx"), spec, project.schema, params)
    write_json(folder / "model.json", model_info)
    return Predictor(folder, project.schema, project.build)


def check_library(
    project: Project, params: Params, table: pl.DataFrame, name: str, allowed: float = ALLOWED
) -> None:
    """Check that an exported model has the scores and decisions of the training library.

    Args:
        project: the project.
        params: content of `params.yaml`.
        table: valid rows.
        name: `baseline` or `candidate`.
        allowed: the largest difference of probabilities, or of numbers in standard deviations.
    """
    schema, task = project.schema, project.schema.target.task
    scorer = load_scorer(name, project, params)
    model = store.load(MODELS / f"{name}.skops", project.estimator)
    X = matrix(table_rows(table, schema), scorer.features, project.build)
    check_parity(scorer, model, Dataset(X, encoded_target(table, schema).to_numpy()), task, allowed)
    content = (MODELS / f"{name}.onnx").read_bytes()
    check_unusual(scorer, model, content, table, schema, allowed)


def check_served(
    candidate: Predictor, project: Project, params: Params, table: pl.DataFrame
) -> None:
    """Check that the served candidate gives exactly the scores of the exported one."""
    rows = table_rows(table, project.schema)
    exported = load_scorer("candidate", project, params).predict(rows)
    message = "models/candidate.onnx: served scores differ from exported ones"
    np.testing.assert_equal(candidate.predict(rows).scores, exported.scores, message)


def check_request_and_table(schema: Schema, table: pl.DataFrame) -> None:
    """Check that rows are the same from a request and from a table."""
    sent = map(json.dumps, to_request_form(table, schema).to_dicts())
    asked, read = to_rows(map(json.loads, sent), schema), table_rows(table, schema)
    for name in schema.names:
        message = f"schema.py: {name} differs between a request and a table"
        np.testing.assert_equal(asked[name], read[name], message)


def check_batches(predictor: Predictor, rows: Sequence[Row], sizes: Sequence[int]) -> None:
    """Check that the score of a row does not depend on the batch size or the order."""
    whole, message = scores(predictor, rows), "features/build.py: rows score differently in"
    backwards = scores(predictor, rows[::-1])
    np.testing.assert_equal(backwards[::-1], whole, f"{message} another order")
    for size in sizes:
        starts = range(0, len(rows), size)
        parts = [scores(predictor, rows[start : start + size]) for start in starts]
        np.testing.assert_equal(np.concatenate(parts), whole, f"{message} batches of {size}")
