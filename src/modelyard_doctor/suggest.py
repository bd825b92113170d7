"""Suggest how to declare a column, from the values that were found."""

import math
from typing import Any

import polars as pl
from modelyard.schema.columns import (
    Boolean,
    Category,
    Column,
    Date,
    Integer,
    Number,
    Text,
    Timestamp,
)

MOST_VALUES = 30  # more different texts are no category
SHOWN = 6


def suggest(column: Column, values: pl.Series) -> str:
    """Return a remedy for a column whose values break its declaration.

    Args:
        column: as declared in `schema.py`.
        values: all values that ingest returned.
    """
    if values.null_count() == len(values):
        return "ingest returns no value: correct it there, or remove the column"
    kind = fitting_kind(column, values)
    if kind:
        return kind
    hints = [within(column, values)]
    if values.null_count() and column.required:
        hints.append("values are missing: required=False, or fill or drop them in ingest")
    return "; ".join(filter(None, hints)) or "correct the values in ingest"


def fitting_kind(column: Column, values: pl.Series) -> str:
    """Suggest another kind of column if no value can be converted; "" if the kind fits."""
    found, present = values.dtype, values.drop_nulls()
    if isinstance(column, Boolean):
        spelled = 'in schema.py, aliases={"yes": True, "no": False} with what stands for both'
        return "" if found == pl.Boolean else f"{found}: compute it in ingest, or {spelled}"
    if type(column) is Date and found not in (pl.Date, pl.Datetime):
        return "convert it in ingest: .str.to_date()" if found == pl.String else f"{found}"
    if isinstance(column, Number) and found == pl.String:
        if not present.cast(pl.Float64, strict=False).null_count():
            return f"numbers as text: .cast(pl.Float64) in ingest for {column.name}"
        return as_text(column, present)
    if isinstance(column, Number) and not found.is_numeric():
        if found.is_temporal():
            return f'Timestamp("{column.name}", "…"), or a number computed in ingest'
        return f"{found} in ingest: .cast(pl.Float64), or another kind of column"
    if isinstance(column, Category | Text) and found.is_numeric():
        cast = ".cast(pl.String)" if found.is_integer() else ".cast(pl.Int64).cast(pl.String)"
        return f"numbers: {cast} in ingest, or {number(column, present)}"
    if isinstance(column, Category | Text) and found not in (pl.String, pl.Categorical, pl.Enum):
        return f"{found}: .cast(pl.String) in ingest"
    if isinstance(column, Timestamp) and found not in (pl.Date, pl.Datetime):
        return "convert it in ingest: .str.to_datetime()" if found == pl.String else f"{found}"
    return ""


def as_text(column: Column, present: pl.Series) -> str:
    """Suggest a category or a text."""
    if present.n_unique() <= MOST_VALUES:
        listed = ", ".join(f'"{one}"' for one in sorted(map(str, present.unique()))[:SHOWN])
        return f'texts: Category("{column.name}", "…", values=({listed}, …))'
    longest: Any = present.cast(pl.String).str.len_chars().max()
    return f'texts: Text("{column.name}", "…", max_length={longest})'


def number(column: Column, present: pl.Series) -> str:
    """Suggest a number column with the range that was found, rounded outwards."""
    low, high = limits(present)
    return f'Number("{column.name}", "…", min={low:g}, max={high:g})'


def within(column: Column, values: pl.Series) -> str:
    """Suggest a wider range, more values or a greater length."""
    present = values.drop_nulls()
    is_float = isinstance(column, Integer) and present.dtype.is_float()
    if is_float and (present != present.floor()).any():
        return f'Number("{column.name}", "…"): there are numbers that are not whole'
    if isinstance(column, Number):
        if present.is_nan().any() if present.dtype.is_float() else False:
            return "NaN is no missing value: .fill_nan(None) in ingest"
        if present.dtype.is_float() and present.is_infinite().any():
            return "infinite: replace it in ingest"
        low, high = limits(present)
        return f"correct the source, or if these are possible: min={low:g}, max={high:g}"
    if isinstance(column, Category):
        return more_values(column, present.cast(pl.String))
    if isinstance(column, Text):
        lengths = present.cast(pl.String).str.len_chars()
        if (lengths == 0).any():
            return "an empty text is no missing value: replace it by null in ingest"
        longest: Any = lengths.max()
        return f"max_length={longest}"
    return "null where the time is unknown is not allowed for a required column"


def more_values(column: Category, present: pl.Series) -> str:
    """Suggest the values that a category lacks, or to allow others."""
    new = sorted({*present.unique()} - {*column.values})
    if not new:
        return ""
    if len(new) > MOST_VALUES:
        return f"others=True: there are {len(new):,} other values; or a Text"
    listed = ", ".join(repr(one) for one in new[:SHOWN]) + (", …" if len(new) > SHOWN else "")
    return f"correct the source, or add {listed} to values, or others=True"


def limits(present: pl.Series) -> tuple[float, float]:
    """Return least and greatest value, rounded outwards to two digits."""
    found = present.cast(pl.Float64, strict=False).drop_nulls()
    least, greatest = (float(one or 0.0) for one in (found.min(), found.max()))  # type: ignore[arg-type]
    return _outwards(least, math.floor), _outwards(greatest, math.ceil)


def _outwards(value: float, rounded: object) -> float:
    digits = 0 if not value else math.floor(math.log10(abs(value))) - 1
    step = 10.0**digits
    return float(round(rounded(value / step) * step, -digits if digits < 0 else 0))  # type: ignore[operator]
