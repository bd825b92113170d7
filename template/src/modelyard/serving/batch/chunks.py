"""Split the input of a run into chunks of rows that can be read independently."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ...console import UserError
from ...data.read import check_count, count_rows, explain_read_errors
from ...data.tables import cast_columns
from ...files import atomic_write, sha256
from ...schema.contract import Schema
from .sources import Source

ROW_GROUP = 1 << 16  # rows of a row group in the Parquet copy of a CSV file
# Bytes of a CSV file that Polars reads at a time; its default takes 200 MB more memory.
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(1 << 22))


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows of a file, from row `start` on."""

    number: int
    source: Source
    start: int
    rows: int


@dataclass(frozen=True)
class Input:
    """A file of the input: sha256, number of rows, columns and chunks."""

    source: Source
    sha256: str
    rows: int
    columns: list[str]
    chunks: list[Chunk]


def plan(sources: Iterable[Source], schema: Schema, rows: int, cache: Path) -> list[Input]:
    """Split files into chunks, before any is scored; CSV files are copied to `cache`."""
    inputs: list[Input] = []
    for source in sources:
        first = sum(len(one.chunks) for one in inputs)
        inputs.append(plan_file(source, schema, rows, first, cache))
    if not any(one.rows for one in inputs):
        raise UserError(f"{inputs[0].source.path} has no rows, as every file of the input")
    return inputs


def plan_file(source: Source, schema: Schema, rows: int, first: int, cache: Path) -> Input:
    """Split a file into chunks, numbered from `first`; a CSV file is copied to Parquet."""
    with explain_read_errors(source.path):
        digest, file, counted = sha256(source.path), source.path, None
        if source.is_csv:
            counted, file = count_rows(file), to_parquet(file, cache / f"{digest}.parquet")
        table = pl.scan_parquet(file, glob=False)
        columns = table.head(0).collect()
        total = int(table.select(pl.len()).collect().item())
        total = check_count(total, counted) if counted else total
    if total:
        check(source.path, columns, schema)
    chunks = [
        Chunk(first + number, Source(file, source.name), start, min(rows, total - start))
        for number, start in enumerate(range(0, total, rows))
    ]
    return Input(source, digest, total, columns.columns, chunks)


def to_parquet(file: Path, copy: Path) -> Path:
    """Copy a CSV file to Parquet, which allows reading any rows; all columns are strings."""
    with atomic_write(copy) as temporary:
        texts = pl.scan_csv(file, infer_schema=False, null_values="", glob=False)
        texts.sink_parquet(temporary, compression="lz4", statistics=False, row_group_size=ROW_GROUP)
    return copy


def check(file: Path, table: pl.DataFrame, schema: Schema) -> None:
    """Raise a `UserError` if a column is missing or its times have a time zone."""
    try:
        cast_columns(table, schema, parse_texts=True)
    except UserError as failure:
        raise UserError(f"{file}: {failure}") from None


def read_chunk(chunk: Chunk, names: list[str]) -> pl.DataFrame:
    """Read some columns of a chunk; those of a CSV file are strings."""
    path = chunk.source.path
    with explain_read_errors(path):
        file = pl.scan_parquet(path, glob=False)
        table = file.select(names).slice(chunk.start, chunk.rows).collect()
    if table.height != chunk.rows:
        raise UserError(f"{path} changed while it was read: {table.height} rows, not {chunk.rows}")
    return table
