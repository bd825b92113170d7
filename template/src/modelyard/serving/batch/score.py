"""Process a chunk: read, validate, score, and encode the results as Parquet."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import polars as pl

from ...data.tables import to_rows
from ...data.validate import judge
from ...data.violations import Violation
from ...models.scorer import Predictions
from ...schema.columns import Rows
from ...schema.contract import Schema
from ..predictor import Predictor
from .chunks import Chunk, read_chunk

SLICE = 8000  # not a power of two, with which columns would evict each other from the cache
REJECTED_SCHEMA = {
    "file": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "found": pl.String(),
    "allowed": pl.String(),
}


@dataclass(frozen=True)
class ScoredChunk:
    """A chunk's predictions and violations as Parquet bytes, and counts of rows."""

    part: bytes
    violations: bytes
    scored: int
    rejected: int


def score(chunk: Chunk, predictor: Predictor, schema: Schema) -> ScoredChunk:
    """Score the valid rows of a chunk, and list the violations of the others."""
    table = read_chunk(chunk, schema.names)
    verdict = judge(table, schema, parse_texts=chunk.source.is_csv, labelled=False)
    predictions = predict(predictor, to_rows(verdict.good, schema))
    part = part_table(verdict.good[schema.key], predictions, predictor.version)
    reasons = violations_table(verdict.faults, chunk)
    return ScoredChunk(to_bytes(part), to_bytes(reasons), part.height, table.height - part.height)


def predict(predictor: Predictor, rows: Rows) -> Predictions:
    """Predict slice by slice, so that the intermediate results fit into the processor's cache."""
    count, target = len(next(iter(rows.values()))), predictor.scorer.target
    starts = range(0, count, SLICE)
    slices = [{name: values[i : i + SLICE] for name, values in rows.items()} for i in starts]
    scores = [np.empty((0, max(len(target.values), 1)), np.float32)]
    scores += [predictor.predict(part).scores for part in slices]
    return Predictions(np.concatenate(scores), target, predictor.scorer.threshold)


def part_table(keys: pl.Series, predictions: Predictions, version: str) -> pl.DataFrame:
    """Return the table of a part.

    Returns:
        The key, `prediction`, for two classes `score`, for more `scores` with a field for each
        class, and `model_version`; scores are float32, equal to those of the REST service.
    """
    scores, target = predictions.scores, predictions.target
    columns = {keys.name: keys, "prediction": prediction_of(predictions)}
    if target.task == "binary":
        columns["score"] = pl.Series(scores[:, 1])
    elif target.task == "multiclass":
        fields = {name: scores[:, place] for place, name in enumerate(target.values)}
        columns["scores"] = pl.DataFrame(fields).to_struct()
    return pl.DataFrame(columns).with_columns(model_version=pl.lit(version))


def prediction_of(predictions: Predictions) -> pl.Series:
    """Return each row's class as a string, or its number as float32."""
    if predictions.target.task == "regression":
        return pl.Series(predictions.scores[:, 0])
    return pl.Series(predictions.target.values).gather(predictions.class_indices())


def violations_table(violations: list[Violation], chunk: Chunk) -> pl.DataFrame:
    """Return the table of violations, with row numbers from 0 in their file."""
    name, start = chunk.source.name, chunk.start
    lines = [
        (name, start + row, column, None if found is None else str(found), allowed)
        for row, column, found, allowed in violations
    ]
    return pl.DataFrame(lines, REJECTED_SCHEMA, orient="row")


def to_bytes(table: pl.DataFrame) -> bytes:
    """Encode a table as Parquet, with the same bytes for the same table."""
    content = BytesIO()
    table.write_parquet(content, compression="zstd")
    return content.getvalue()
