"""Convert tables to arrays and files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from ..files import write_bytes
from ..schema.columns import Category, Column, Date, Number, Rows, Text
from ..schema.contract import Schema


def to_rows(table: pl.DataFrame, schema: Schema) -> Rows:
    """Convert a valid table to arrays (see `schema/columns.py`)."""
    filled = table.select(_fill_missing(column) for column in schema.columns)
    texts = pl.col(pl.String)  # their maximum length, null if one ends with NUL
    plain = pl.when(~texts.str.ends_with("\0").any()).then(texts.str.len_chars().max())
    lengths = filled.select(plain).to_dicts()[0]
    return {
        one.name: _to_array(filled[one.name], one, lengths.get(one.name)) for one in schema.columns
    }


def _fill_missing(column: Column) -> pl.Expr:
    if isinstance(column, Number):
        return pl.col(column.name).cast(pl.Float64).fill_null(float("nan"))
    return pl.col(column.name) if isinstance(column, Date) else pl.col(column.name).fill_null("")


def _to_array(values: pl.Series, column: Column, length: int | None) -> np.ndarray:
    if isinstance(column, Number):
        return values.to_numpy()
    if isinstance(column, Date):
        return values.to_numpy().astype(column.dtype)
    if length is not None and isinstance(column, Category | Text) and length <= column.width:
        return to_numpy_strings(values, max(length, 1))
    return column.to_array(values)


def to_numpy_strings(values: pl.Series, length: int) -> np.ndarray:
    """Convert texts of at most this length to a NumPy string array, faster than NumPy does."""
    padded = values.str.pad_end(length, "\0").str.join().item()
    return np.frombuffer(padded.encode("utf-32-le"), f"<U{length}")


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a Parquet file atomically."""
    content = BytesIO()
    table.write_parquet(content, compression="zstd")
    write_bytes(path, content.getvalue())


def to_request_form(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the columns of the schema with dates and times as text, as in a request."""
    time = pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S")
    return rows.select(schema.names).with_columns(time, pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
