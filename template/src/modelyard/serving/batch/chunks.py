"""A run's input as chunks of rows, each of which can be read by itself."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ...console import UserError
from ...data.read import readable
from ...files import replacing, sha256
from ...schema.contract import Schema
from .csv_header import check_header
from .sources import Source

ROWS = 1 << 16  # of a group in the copy of a CSV
# Bytes of a CSV that Polars reads at a time; its own choice takes 200 MB more memory.
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(1 << 22))


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file; `start` counts the rows before them."""

    number: int
    source: Source
    start: int
    rows: int


@dataclass(frozen=True)
class Input:
    """A file of the input: its content's hash, its rows, its columns, and its chunks."""

    source: Source
    sha256: str
    rows: int
    columns: list[str]
    chunks: list[Chunk]


def plan(sources: Iterable[Source], schema: Schema, rows: int, cache: Path) -> list[Input]:
    """Read what must be known of the files before any is scored.

    Args:
        sources: the files, in order.
        schema: the columns that each must have.
        rows: of a chunk; the last one of each file may have fewer.
        cache: folder for copies of CSV files.

    Raises:
        UserError: a file is damaged, has no rows or lacks a column.
    """
    inputs: list[Input] = []
    for source in sources:
        first = sum(len(found.chunks) for found in inputs)
        inputs.append(examine(source, schema, rows, first, cache))
    return inputs


def examine(source: Source, schema: Schema, rows: int, first: int, cache: Path) -> Input:
    """Cut a file by its rows; chunks of a CSV are those of a copy.

    Raises:
        UserError: it is damaged, has no rows or lacks a column.
    """
    with readable(source.path):
        digest, file = sha256(source.path), source.path
        if source.is_csv:
            file = to_parquet(file, cache / f"{digest}.parquet")
        table = pl.scan_parquet(file, glob=False)
        columns = table.collect_schema().names()
        total = int(table.select(pl.len()).collect().item())
    check(source.path, total, columns, schema)
    chunks = [
        Chunk(first + number, Source(file, source.name), start, min(rows, total - start))
        for number, start in enumerate(range(0, total, rows))
    ]
    return Input(source, digest, total, columns, chunks)


def to_parquet(file: Path, copy: Path) -> Path:
    """Copy a CSV, in which no row can be found without reading those before it; all are texts.

    Raises:
        UserError: it is empty, is not UTF-8, or its header names a column twice.
    """
    check_header(file)
    with replacing(copy) as aside:
        texts = pl.scan_csv(file, infer_schema=False, glob=False)
        texts.sink_parquet(aside, compression="lz4", statistics=False, row_group_size=ROWS)
    return copy


def check(file: Path, rows: int, columns: list[str], schema: Schema) -> None:
    """Refuse a file that has no rows or lacks a column."""
    if not rows:
        raise UserError(f"{file} holds no rows")
    missing = [name for name in schema.names if name not in columns]
    if missing:
        raise UserError(
            f"{file}: column {', '.join(missing)} is missing, found: {', '.join(columns)}"
        )


def read_chunk(chunk: Chunk, names: list[str]) -> pl.DataFrame:
    """Read some columns of a chunk; those of a CSV are texts.

    Raises:
        UserError: the file is damaged, or no longer what it was.
    """
    path = chunk.source.path
    with readable(path):
        file = pl.scan_parquet(path, glob=False)
        table = file.select(names).slice(chunk.start, chunk.rows).collect()
    if table.height != chunk.rows:
        raise UserError(f"{path} changed while it was read: {table.height} rows, not {chunk.rows}")
    return table
