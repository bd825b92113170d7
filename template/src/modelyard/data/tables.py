"""Tables whose columns have the types of the schema, and how they become arrays and files."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..console import UserError
from ..files import write_bytes
from ..schema.columns import TIME_PATTERN, Category, Column, Number, Rows, Text, Timestamp
from ..schema.contract import Schema
from .violations import Fault

DTYPES: dict[type, pl.DataType] = {
    Number: pl.Float64(),
    Category: pl.String(),
    Text: pl.String(),
    Timestamp: pl.Datetime("us"),
}
TIME_FORMATS = [f"%Y-%m-%d{gap}%H:%M{tail}" for gap in "T " for tail in (":%S", "")]


def with_types(
    table: pl.DataFrame, schema: Schema, *, parse_texts: bool
) -> tuple[pl.DataFrame, list[Fault]]:
    """Give each column of the schema its type.

    Args:
        table: as read; columns that the schema does not know are kept as they are.
        schema: names and types.
        parse_texts: whether a number may stand as text, as in a CSV.

    Returns:
        The table, in which a value that has not its column's type is missing, and one fault for
        each such value.

    Raises:
        UserError: columns are missing; the text names them.
    """
    missing = [name for name in schema.names if name not in table.columns]
    if missing:
        raise UserError(
            f"column {', '.join(missing)} is missing, found: {', '.join(table.columns)}"
        )
    typed = table.with_columns(
        typed_column(table, column, parse_texts) for column in schema.columns
    )
    faults = [
        Fault(row, column.name, table[row, column.name], column.allowed())
        for column in schema.columns
        if typed[column.name].null_count() > table[column.name].null_count()
        for row in (table[column.name].is_not_null() & typed[column.name].is_null()).arg_true()
    ]
    return typed, faults


def typed_column(table: pl.DataFrame, column: Column, parse_texts: bool) -> pl.Expr:
    """Cast a column to its type; what does not fit becomes null."""
    found, wanted = table.schema[column.name], DTYPES[type(column)]
    values = pl.col(column.name)
    if found == wanted or found == pl.Null:
        return values.cast(wanted)
    if isinstance(column, Timestamp) and found == pl.String:
        fits = values.str.contains(TIME_PATTERN)
        return pl.when(fits).then(parsed_time(table[column.name]))
    numeric = isinstance(column, Number) and found.is_numeric()
    naive = isinstance(column, Timestamp) and found in (pl.Date, pl.Datetime(time_zone=None))
    parsable = parse_texts and found == pl.String and isinstance(column, Number)
    if numeric or naive or parsable or (isinstance(found, pl.Categorical | pl.Enum)):
        return values.cast(wanted, strict=False)
    return pl.lit(None, wanted).alias(column.name)


def parsed_time(texts: pl.Series) -> pl.Series:
    """Parse times; most tables have one form only, so the others are tried where that failed."""
    parsed = texts.str.to_datetime(TIME_FORMATS[0], strict=False)
    for form in TIME_FORMATS[1:]:
        if parsed.null_count() == texts.null_count():
            break
        left = texts.set(parsed.is_not_null(), None)
        parsed = parsed.fill_null(left.str.to_datetime(form, strict=False))
    return parsed


def to_rows(table: pl.DataFrame, schema: Schema) -> Rows:
    """Turn a checked table into arrays, as `columns.py` describes them."""
    whole = table.select(_filled(column) for column in schema.columns)
    return {column.name: _array(whole[column.name], column) for column in schema.columns}


def _filled(column: Column) -> pl.Expr:
    fill = {Number: float("nan"), Timestamp: None}.get(type(column), "")
    return pl.col(column.name) if fill is None else pl.col(column.name).fill_null(fill)


def _array(values: pl.Series, column: Column) -> np.ndarray:
    if isinstance(column, Number):
        return values.to_numpy()
    if isinstance(column, Timestamp):
        return values.to_numpy().astype("datetime64[s]")
    return strings(values)


def strings(values: pl.Series) -> np.ndarray:
    """Turn texts into NumPy's strings: padded to one length and joined, as NumPy keeps them."""
    longest: Any = values.str.len_chars().max()
    padded = values.str.pad_end(longest or 1, "\0").str.join().item()
    return np.frombuffer(padded.encode("utf-32-le"), f"<U{longest or 1}")


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a whole Parquet file or none."""
    content = BytesIO()
    table.write_parquet(content, compression="zstd")
    write_bytes(path, content.getvalue())


def as_sent(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Give the schema's columns, with times as texts, as a client sends them."""
    known = rows.select(schema.names)
    times = [name for name, kind in known.schema.items() if kind == pl.Datetime]
    return known.with_columns(pl.col(times).dt.strftime("%Y-%m-%dT%H:%M:%S"))
