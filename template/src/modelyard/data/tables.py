"""Cast tables to the types of the schema; convert them to arrays and files."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..console import UserError
from ..files import write_bytes
from ..schema.columns import TIME_PATTERN as TIMES
from ..schema.columns import Boolean, Category, Column, Date, Integer, Number, Text, Timestamp
from ..schema.columns import Rows as Rows
from ..schema.contract import Schema
from .violations import cut

DTYPES: dict[type, pl.DataType] = {
    **{Number: pl.Float64(), Integer: pl.Int64(), Boolean: pl.Boolean()},
    **{Category: pl.String(), Text: pl.String(), Timestamp: pl.Datetime("us"), Date: pl.Date()},
}
READ: dict[type, Callable[[Any], Any]] = {
    **{Integer: int, Date: date.fromisoformat, Timestamp: datetime.fromisoformat}
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
    found, values, wanted = table[column.name], pl.col(column.name), DTYPES[type(column)]
    typed, meanings = _cast(found, column, parse_texts), read_values(found, column, parse_texts)
    if not meanings:
        return typed
    read = values.replace_strict(meanings, default=None, return_dtype=wanted)
    return pl.when(values.is_in([*meanings])).then(read).otherwise(typed).alias(column.name)


def _cast(found: pl.Series, column: Column, parse_texts: bool) -> pl.Expr:
    """Build the expression that casts a column, without the values of `read_values`."""
    kind, wanted, values = found.dtype, DTYPES[type(column)], pl.col(found.name)
    if isinstance(column, Timestamp) and (zone := getattr(kind, "time_zone", None)):
        if column.utc:
            return values.dt.convert_time_zone("UTC").dt.replace_time_zone(None).cast(wanted)
        raise UserError(
            f"column {column.name} has the time zone {zone}, allowed are local times without one "
            '(.dt.convert_time_zone("Area/City").dt.replace_time_zone(None)), or in schema.py '
            f"Timestamp({column.name!r}, …, utc=True)"
        )
    if kind in (wanted, pl.Null):
        return values.cast(wanted)
    if isinstance(column, Timestamp) and kind == pl.String:
        return pl.when(values.str.contains(TIMES)).then(parse_times(found))
    if type(column) is Date and isinstance(kind, pl.Datetime) and not kind.time_zone:
        return pl.when(values.dt.date() == values).then(values.dt.date())
    numeric = isinstance(column, Number) and wanted != pl.Boolean and kind.is_numeric()
    naive = isinstance(column, Timestamp) and kind in (pl.Date, pl.Datetime)
    parsable = parse_texts and kind == pl.String and wanted in (pl.Float64, pl.Int64)
    coded = isinstance(kind, pl.Categorical | pl.Enum) and wanted == pl.String
    if isinstance(column, Integer) and (numeric or parsable):
        numbers = values.cast(pl.Float64, strict=False)
        values = pl.when(numbers.floor() == numbers).then(numbers)
    if numeric or naive or parsable or coded:
        return values.cast(wanted, strict=False)
    return pl.lit(None, wanted).alias(column.name)


def read_values(values: pl.Series, column: Column, parse_texts: bool) -> dict[Any, Any]:
    """Read the different values of a column as requests and devices do, where Polars cannot.

    Returns:
        The aliases, numbers with a unit, times with an offset, dates and booleans as text: value
        to what it stands for, None for a missing value.
    """
    found: dict[Any, Any] = {}
    by_value = values.dtype == pl.String and type(column) in (Boolean, Date)
    if not (by_value or column.replaces()) or values.dtype.is_nested():
        return found
    for value in values.drop_nulls().unique().to_list():
        key = value.isoformat() if isinstance(value, date) else value
        if parse_texts and type(key) is str and key not in column.aliases:
            key = parse_text(key)
        meaning = column.normalise(key)
        if meaning is None:
            found[value] = None
        elif (by_value or meaning is not key) and column.is_valid(meaning):
            found[value] = READ.get(type(column), lambda typed: typed)(meaning)
    return found


def parse_text(text: str) -> bool | float | str:
    """Return the boolean or number of a text in a CSV file; others as they are."""
    with suppress(ValueError):
        return float(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def drop_aliases_of_missing(table: pl.DataFrame, schema: Schema, parse_texts: bool) -> pl.DataFrame:
    """Return a table with null where a value stands for a missing one."""
    for column in schema.normalised:
        meanings, values = read_values(table[column.name], column, parse_texts), pl.col(column.name)
        missing = [key for key, value in meanings.items() if value is None]
        if missing:
            table = table.with_columns(pl.when(~values.is_in(missing)).then(values))
    return table


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
