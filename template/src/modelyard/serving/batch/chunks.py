"""A run's input as chunks of rows, each of which can be read by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from ...console import UserError
from ...data.read import csv_header, readable
from ...files import sha256
from ...schema.contract import Schema
from .find import Source
from .records import cut


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    `start` counts the rows before them; `place` says from which byte to which a CSV holds them.
    """

    number: int
    source: Source
    start: int
    rows: int
    place: tuple[int, int] = (0, 0)
    header: int = 0


@dataclass(frozen=True)
class Input:
    """A file of the input: its content's hash, its rows, its columns, and its chunks."""

    source: Source
    sha256: str
    rows: int
    columns: list[str]
    chunks: list[Chunk]


def plan(sources: Iterable[Source], schema: Schema, rows: int) -> list[Input]:
    """Read what must be known of the files before any is scored.

    Args:
        sources: the files, in order.
        schema: the columns that each must have.
        rows: of a chunk; the last one of each file may have fewer.

    Raises:
        UserError: a file is damaged, has no rows or lacks a column.
    """
    inputs: list[Input] = []
    for source in sources:
        first = sum(len(found.chunks) for found in inputs)
        with readable(source.path):
            examine = parquet_input if source.path.suffix == ".parquet" else csv_input
            found = examine(source, rows, first)
        check(found, schema)
        inputs.append(found)
    return inputs


def check(found: Input, schema: Schema) -> None:
    """Refuse a file that cannot be scored.

    Raises:
        UserError: it has no rows or lacks a column.
    """
    if not found.rows:
        raise UserError(f"{found.source.path} holds no rows")
    missing = [name for name in schema.names if name not in found.columns]
    if missing:
        raise UserError(
            f"{found.source.path}: column {', '.join(missing)} is missing, "
            f"found: {', '.join(found.columns)}"
        )


def parquet_input(source: Source, rows: int, first: int) -> Input:
    """Cut a Parquet file by its rows."""
    table = pl.scan_parquet(source.path, glob=False)
    total = int(table.select(pl.len()).collect().item())
    chunks = [
        Chunk(first + number, source, start, min(rows, total - start))
        for number, start in enumerate(range(0, total, rows))
    ]
    return Input(source, sha256(source.path), total, table.collect_schema().names(), chunks)


def csv_input(source: Source, rows: int, first: int) -> Input:
    """Cut a CSV by its bytes."""
    columns, cuts = csv_header(source.path), cut(source.path, rows)
    places = zip(cuts.starts, cuts.starts[1:], strict=False)
    chunks = [
        Chunk(
            *(first + number, source, number * rows, min(rows, cuts.rows - number * rows)),
            *(place, cuts.starts[0]),
        )
        for number, place in enumerate(places)
    ]
    return Input(source, cuts.sha256, cuts.rows, columns, chunks)


def read_chunk(chunk: Chunk, names: list[str]) -> pl.DataFrame:
    """Read some columns of a chunk; those of a CSV are texts.

    Raises:
        UserError: the file is damaged, or no longer what it was.
    """
    path = chunk.source.path
    with readable(path):
        table = read_parquet(chunk, names) if path.suffix == ".parquet" else read_csv(chunk, names)
    if table.height != chunk.rows:
        raise UserError(f"{path} changed while it was read: {table.height} rows, not {chunk.rows}")
    return table


def read_parquet(chunk: Chunk, names: list[str]) -> pl.DataFrame:
    """Read rows of a Parquet file."""
    table = pl.scan_parquet(chunk.source.path, glob=False)
    return table.select(names).slice(chunk.start, chunk.rows).collect()


def read_csv(chunk: Chunk, names: list[str]) -> pl.DataFrame:
    """Read bytes of a CSV, its header before them."""
    start, stop = chunk.place
    with chunk.source.path.open("rb") as file:
        header = file.read(chunk.header)
        file.seek(start)
        content = BytesIO(header + file.read(stop - start))
    return pl.read_csv(content, infer_schema=False).select(names)
