"""What is done to a chunk, wherever it runs: read, check, score, and make its files' bytes."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import polars as pl

from ...data.tables import to_rows
from ...data.validate import judge
from ...data.violations import Fault
from ...models.scorer import Predictions
from ...schema.columns import Rows
from ...schema.contract import Schema
from ..predictor import Predictor
from .chunks import Chunk, read_chunk

SLICE = 8000  # no power of two: columns that far apart would push each other out of the cache
FAULTS = {
    "file": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "found": pl.String(),
    "allowed": pl.String(),
}


@dataclass(frozen=True)
class Scored:
    """A chunk's predictions and faults, each as the bytes of a Parquet file, and counts of rows."""

    part: bytes
    faults: bytes
    scored: int
    rejected: int


def score(chunk: Chunk, predictor: Predictor, schema: Schema) -> Scored:
    """Score the rows of a chunk that keep the schema, and say what is wrong with the others.

    Raises:
        UserError: the file is damaged.
    """
    table = read_chunk(chunk, schema.names)
    verdict = judge(table, schema, parse_texts=chunk.source.is_csv, labelled=False)
    predictions = predict(predictor, to_rows(verdict.good, schema))
    part = part_of(verdict.good[schema.key], predictions, predictor.version)
    faults = faults_of(verdict.faults, chunk)
    return Scored(to_bytes(part), to_bytes(faults), part.height, table.height - part.height)


def predict(predictor: Predictor, rows: Rows) -> Predictions:
    """Predict slice by slice: what is made of a slice fits into the processor's cache."""
    count, target = len(next(iter(rows.values()))), predictor.scorer.target
    starts = range(0, count, SLICE)
    slices = [{name: values[i : i + SLICE] for name, values in rows.items()} for i in starts]
    scores = [np.empty((0, max(len(target.values), 1)), np.float32)]
    scores += [predictor.predict(part).scores for part in slices]
    return Predictions(np.concatenate(scores), target, predictor.scorer.threshold)


def part_of(keys: pl.Series, predictions: Predictions, version: str) -> pl.DataFrame:
    """Make the table of a part.

    Returns:
        The key, `prediction`, for two classes `score`, for more `scores` with a field for each
        class, and `model_version`; scores are float32, which read back as REST's very numbers.
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
    """Give each row's class as text, or its number as float32."""
    if predictions.target.task == "regression":
        return pl.Series(predictions.scores[:, 0])
    return pl.Series(predictions.target.values).gather(predictions.places())


def faults_of(faults: list[Fault], chunk: Chunk) -> pl.DataFrame:
    """Make the table of faults; rows count from 0 in their file, a missing value stays missing."""
    lines = [
        (chunk.source.name, chunk.start + row, column, shown(found), allowed)
        for row, column, found, allowed in faults
    ]
    return pl.DataFrame(lines, FAULTS, orient="row")


def shown(found: object) -> str | None:
    """Give a value as text."""
    return None if found is None else str(found)


def to_bytes(table: pl.DataFrame) -> bytes:
    """Give the bytes of a Parquet file, the same for the same table."""
    content = BytesIO()
    table.write_parquet(content, compression="zstd")
    return content.getvalue()
