"""Cast tables to the types of the schema; convert them to arrays and files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl

from ..console import UserError
from ..files import write_bytes
from ..schema.columns import TIME_PATTERN, Category, Column, Number, Rows, Text, Timestamp
from ..schema.contract import Schema
from .violations import cut

DTYPES: dict[type, pl.DataType] = {
    Number: pl.Float64(),
    Category: pl.String(),
    Text: pl.String(),
    Timestamp: pl.Datetime("us"),
}
TIME_FORMATS = [f"%Y-%m-%d{gap}%H:%M{tail}" for gap in "T " for tail in (":%S", "")]


def cast_columns(table: pl.DataFrame, schema: Schema, *, parse_texts: bool) -> pl.DataFrame:
    """Cast each column of the schema to its type; values that cannot be cast become null.

    Args:
        table: as read from a file; unknown columns stay unchanged.
        schema: names and types of the columns.
        parse_texts: whether numbers may be given as text, as in CSV files.

    Raises:
        UserError: columns are missing, or a timestamp has a time zone; the message names them.
    """
    missing = [name for name in schema.names if name not in table.columns]
    if missing:
        found = cut(", ".join(table.columns), 2000)
        raise UserError(f"column {', '.join(missing)} is missing, found: {found}")
    return table.with_columns(cast_column(table, column, parse_texts) for column in schema.columns)


def cast_column(table: pl.DataFrame, column: Column, parse_texts: bool) -> pl.Expr:
    """Build the expression that casts a column; values that cannot be cast become null."""
    found, wanted = table.schema[column.name], DTYPES[type(column)]
    values = pl.col(column.name)
    if isinstance(column, Timestamp) and (zone := getattr(found, "time_zone", None)):
        raise UserError(
            f"column {column.name} has the time zone {zone}, allowed are local times without one "
            '(.dt.convert_time_zone("Area/City").dt.replace_time_zone(None))'
        )
    if found == wanted or found == pl.Null:
        return values.cast(wanted)
    if isinstance(column, Timestamp) and found == pl.String:
        fits = values.str.contains(TIME_PATTERN)
        return pl.when(fits).then(parse_times(table[column.name]))
    numeric = isinstance(column, Number) and found.is_numeric()
    naive = isinstance(column, Timestamp) and found in (pl.Date, pl.Datetime)
    parsable = parse_texts and found == pl.String and isinstance(column, Number)
    coded = isinstance(found, pl.Categorical | pl.Enum) and wanted == pl.String
    if numeric or naive or parsable or coded:
        return values.cast(wanted, strict=False)
    return pl.lit(None, wanted).alias(column.name)


def parse_times(texts: pl.Series) -> pl.Series:
    """Parse timestamps; other formats are tried only where the most frequent one fails."""
    parsed = texts.str.to_datetime(TIME_FORMATS[0], strict=False)
    for form in TIME_FORMATS[1:]:
        if parsed.null_count() == texts.null_count():
            break
        unparsed = texts.set(parsed.is_not_null(), None)
        parsed = parsed.fill_null(unparsed.str.to_datetime(form, strict=False))
    return parsed


def to_rows(table: pl.DataFrame, schema: Schema) -> Rows:
    """Convert a valid table to arrays (see `schema/columns.py`)."""
    filled = table.select(_fill_missing(column) for column in schema.columns)
    texts = pl.col(pl.String)  # their maximum length, null if one ends with NUL
    plain = pl.when(~texts.str.ends_with("\0").any()).then(texts.str.len_chars().max())
    lengths = filled.select(plain).to_dicts()[0]
    return {c.name: _to_array(filled[c.name], c, lengths.get(c.name)) for c in schema.columns}


def _fill_missing(column: Column) -> pl.Expr:
    fill = {Number: float("nan"), Timestamp: None}.get(type(column), "")
    return pl.col(column.name) if fill is None else pl.col(column.name).fill_null(fill)


def _to_array(values: pl.Series, column: Column, length: int | None) -> np.ndarray:
    if isinstance(column, Number):
        return values.to_numpy()
    if isinstance(column, Timestamp):
        return values.to_numpy().astype("datetime64[s]")
    if length is not None and isinstance(column, Category | Text) and length <= column.width:
        size = max(length, 1)  # padding is faster than NumPy's own conversion
        padded = values.str.pad_end(size, "\0").str.join().item()
        return np.frombuffer(padded.encode("utf-32-le"), f"<U{size}")
    return column.to_array(values)


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a Parquet file atomically."""
    content = BytesIO()
    table.write_parquet(content, compression="zstd")
    write_bytes(path, content.getvalue())


def to_request_form(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the columns of the schema with timestamps as text, as in a request."""
    known = rows.select(schema.names)
    times = [name for name, kind in known.schema.items() if kind == pl.Datetime]
    return known.with_columns(pl.col(times).dt.strftime("%Y-%m-%dT%H:%M:%S"))
