"""Cast the columns of tables to the types of the schema."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import polars as pl

from ..console import UserError
from ..schema.columns import Boolean, Category, Column, Date, Integer, Number, Text, Timestamp
from ..schema.contract import Schema
from ..schema.times import DATE_PATTERN, OFFSET_PATTERN, TIME_PATTERN
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
    found, wanted = table[column.name], DTYPES[type(column)]
    typed, meanings = _cast(found, column, parse_texts), stand_ins(found, column, parse_texts)
    if not meanings:
        return typed
    values = pl.col(column.name)
    replaced = values.replace_strict(meanings, default=None, return_dtype=wanted)
    return pl.when(values.is_in([*meanings])).then(replaced).otherwise(typed).alias(column.name)


def _cast(found: pl.Series, column: Column, parse_texts: bool) -> pl.Expr:
    """Build the expression that casts a column, without its aliases and units."""
    kind, wanted, values = found.dtype, DTYPES[type(column)], pl.col(found.name)
    is_number, is_text = isinstance(column, Number), kind == pl.String
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
    if isinstance(column, Date):
        return _cast_times(found, column)
    if isinstance(column, Boolean):
        lower = values.str.to_lowercase() if is_text and parse_texts else pl.lit(None, pl.String)
        return lower.replace_strict({"true": True, "false": False}, default=None).alias(found.name)
    coded = isinstance(kind, pl.Categorical | pl.Enum) and wanted == pl.String
    if coded or (is_number and (kind.is_numeric() or (is_text and parse_texts))):
        numbers = values.cast(pl.Float64, strict=False)
        whole = pl.when(numbers.floor() == numbers).then(numbers)
        return (whole if isinstance(column, Integer) else values).cast(wanted, strict=False)
    return pl.lit(None, wanted).alias(found.name)


def _cast_times(found: pl.Series, column: Date) -> pl.Expr:
    """Build the expression that casts texts, dates or local times to times, or to dates."""
    wanted, values = DTYPES[type(column)], pl.col(found.name)
    if found.dtype == pl.String and isinstance(column, Timestamp):
        pattern = OFFSET_PATTERN if column.utc else TIME_PATTERN
        parsed = parse_offsets(found) if column.utc else parse_times(found)
        in_range = parsed.dt.year().is_between(1000, 9999)
        return pl.when(values.str.contains(pattern) & in_range).then(parsed)
    if found.dtype == pl.String:
        fits = values.str.contains(DATE_PATTERN)
        return pl.when(fits).then(values.str.to_date("%Y-%m-%d", strict=False))
    if isinstance(column, Timestamp) and found.dtype in (pl.Date, pl.Datetime):
        return values.cast(wanted)
    if isinstance(found.dtype, pl.Datetime) and not found.dtype.time_zone:
        return pl.when(values.dt.date() == values).then(values.dt.date())
    return pl.lit(None, wanted).alias(found.name)


def stand_ins(values: pl.Series, column: Column, parse_texts: bool) -> dict[Any, Any]:
    """Return the different values that are aliases or have a unit, and what they stand for."""
    found: dict[Any, Any] = {}
    if (not column.aliases and not getattr(column, "units", None)) or values.dtype.is_nested():
        return found
    for value in values.drop_nulls().unique().to_list():
        key = value.isoformat() if isinstance(value, date) else value
        if parse_texts and type(key) is str and key not in column.aliases:
            with suppress(ValueError):
                key = float(key)
        meaning = column.normalise(key)
        if meaning is None:
            found[value] = None
        elif meaning is not key and column.is_valid(meaning):
            found[value] = READ.get(type(column), lambda typed: typed)(meaning)
    return found


def drop_aliases_of_missing(table: pl.DataFrame, schema: Schema, parse_texts: bool) -> pl.DataFrame:
    """Return a table with null where a value stands for a missing one."""
    for column in schema.normalised:
        meanings, values = stand_ins(table[column.name], column, parse_texts), pl.col(column.name)
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


def parse_offsets(texts: pl.Series) -> pl.Series:
    """Parse timestamps that may have fractions of a second and an offset; return them in UTC."""
    clock = parse_times(texts.str.extract("^(.{10}[T ][0-9:]+)"))
    offset = texts.str.extract("([+-]..:..)$").fill_null("+00:00")
    minutes = offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
    minutes += offset.str.slice(4, 2).cast(pl.Int64, strict=False)
    sign = offset.str.starts_with("-").cast(pl.Int64) * 2 - 1
    return clock + (minutes * sign * 60_000_000).cast(pl.Duration("us"))
