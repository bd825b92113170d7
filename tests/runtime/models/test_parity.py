"""Training library, exported model and served model give the same scores."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.features.spec import matrix
from modelyard.models import store
from modelyard.models.evaluate import load_scorer
from modelyard.models.loss import score
from modelyard.models.release import write_examples
from modelyard.models.scorer import Predictions, Scorer
from modelyard.params import read_params
from modelyard.places import PROCESSED
from modelyard.project import load
from modelyard.schema.columns import Rows
from modelyard.serving import predictor as serving
from modelyard.serving.predictor import Predictor

from tests.runtime import example

TASK = SCHEMA.target.task
ALLOWED = 1e-5
Record = dict[str, Any]


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return read_table(example.place() / PROCESSED / "validation.parquet")


@pytest.fixture(scope="module")
def rows(table: pl.DataFrame) -> Rows:
    return to_rows(table, SCHEMA)


@pytest.fixture(scope="module")
def allowed(table: pl.DataFrame) -> float:
    """The largest allowed difference of probabilities, or of numbers in standard deviations."""
    return ALLOWED * float(table[SCHEMA.target.name].std() if TASK == "regression" else 1)


def library(name: str, rows: Rows) -> Predictions:
    """Predict with the training library's own model."""
    model, scorer = store.load(Path("models") / f"{name}.skops"), exported(name)
    scores = score(model, matrix(rows, scorer.features, build), TASK).astype(np.float32)
    return Predictions(scores, SCHEMA.target, scorer.threshold)


def exported(name: str) -> Scorer:
    return load_scorer(name, load(example.PACKAGE), read_params())


def classes(predictions: Predictions) -> list[str]:
    """Return the predicted classes; an empty list for regression."""
    return [label for label in predictions.labels() if isinstance(label, str)]


@pytest.mark.parametrize("name", ["baseline", "candidate"])
def test_the_exported_model_scores_every_validation_row_as_the_library_does(
    name: str, rows: Rows, allowed: float
) -> None:
    own = library(name, rows).scores
    np.testing.assert_allclose(exported(name).predict(rows).scores, own, rtol=0, atol=allowed)


@pytest.mark.parametrize("name", ["baseline", "candidate"])
def test_the_exported_model_decides_every_validation_row_as_the_library_does(
    name: str, rows: Rows
) -> None:
    assert classes(exported(name).predict(rows)) == classes(library(name, rows))


def test_a_different_model_fails_parity(rows: Rows, allowed: float) -> None:
    own = library("baseline", rows).scores
    assert np.abs(exported("candidate").predict(rows).scores - own).max() > 100 * allowed


def test_the_served_candidate_is_bit_for_bit_the_exported_one(
    rows: Rows, candidate: Predictor
) -> None:
    np.testing.assert_array_equal(
        candidate.predict(rows).scores, exported("candidate").predict(rows).scores
    )


def test_a_row_is_the_same_from_a_request_and_from_a_table(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    some = table.head(200)
    write_examples(tmp_path / "examples.jsonl", some, SCHEMA)
    records = [json.loads(line) for line in (tmp_path / "examples.jsonl").open(encoding="utf-8")]
    asked, read = serving.to_rows(records, SCHEMA), to_rows(some, SCHEMA)
    for name in SCHEMA.names:
        np.testing.assert_array_equal(asked[name], read[name])


def test_a_row_scores_the_same_alone_and_in_a_batch(
    candidate: Predictor, real_rows: list[Record]
) -> None:
    together = candidate.predict(serving.to_rows(real_rows[:60], SCHEMA)).scores
    alone = [candidate.predict(serving.to_rows([row], SCHEMA)).scores[0] for row in real_rows[:60]]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("size", [2, 7, 64, 100])
def test_a_row_scores_the_same_in_batches_of_any_size(
    size: int, candidate: Predictor, real_rows: list[Record]
) -> None:
    whole = candidate.predict(serving.to_rows(real_rows, SCHEMA)).scores
    starts = range(0, len(real_rows), size)
    parts = [
        candidate.predict(serving.to_rows(real_rows[at : at + size], SCHEMA)).scores
        for at in starts
    ]
    np.testing.assert_array_equal(whole, np.concatenate(parts))


def test_the_order_of_rows_and_columns_does_not_matter(
    candidate: Predictor, real_rows: list[Record]
) -> None:
    backwards = [dict(reversed(row.items())) for row in reversed(real_rows)]
    np.testing.assert_array_equal(
        candidate.predict(serving.to_rows(backwards, SCHEMA)).scores[::-1],
        candidate.predict(serving.to_rows(real_rows, SCHEMA)).scores,
    )
