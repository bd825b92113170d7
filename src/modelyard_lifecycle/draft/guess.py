"""Describe the columns of a table: kind, range, values, missing ones."""

from typing import Any

import polars as pl

from ..errors import UserError
from .columns import Column, Form, Notes, OnStep
from .forms import TEXT, is_ambiguous, text_form, typed_form

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "#N/A", "?", "-", "--")
SAMPLE = 20_000  # rows by which the kinds are chosen, evenly spaced
MOST_VALUES = 1000  # different texts of a column that are counted


def clean_texts(rows: pl.LazyFrame, strip: bool, missing: list[str]) -> pl.LazyFrame:
    """Return texts without spaces around them, markers of missing values as null."""
    texts = pl.col(pl.String)
    if strip:
        rows = rows.with_columns(texts.str.strip_chars())
    if missing:
        rows = rows.with_columns(pl.when(~texts.is_in(missing)).then(texts))
    return rows


def has_spaces(rows: pl.DataFrame) -> bool:
    """Return whether a text has spaces around it."""
    texts = pl.col(pl.String)
    found = rows.select((texts != texts.str.strip_chars()).any())
    return any(found.row(0)) if found.width else False


def missing_markers(rows: pl.DataFrame, strip: bool) -> list[str]:
    """Return the usual markers of missing values that are in the table."""
    found: set[str] = set()
    for name in rows.select(pl.col(pl.String)).columns:
        values = rows[name].str.strip_chars() if strip else rows[name]
        found |= {*values.filter(values.is_in(MISSING)).unique()}
    return [marker for marker in MISSING if marker in found]


def find_forms(
    rows: pl.DataFrame, names: dict[str, str], comma_first: bool, notes: Notes
) -> tuple[dict[str, Form], list[str]]:
    """Return the conversion of each column, and further markers of missing values.

    A sample chooses the kinds; if other values of a column do not fit, all values choose again.
    """
    forms, more = {}, []
    for found, name in names.items():
        kind = rows.schema[found]
        form = typed_form(kind)
        if kind == pl.String:
            form, rest = _text_form(rows[found], name, comma_first)
            if rest:
                notes.append(f"{name}: {', '.join(rest)} is no {form.kind}: counted as missing")
            if is_ambiguous(form, rows[found]):
                notes.append(f"{name}: read as day/month/year; month/day/year would fit, too")
            more += [one for one in rest if one not in more]
        elif kind != pl.Null and form is None:
            notes.append(f"{name}: left out, a column of type {kind} has no kind here")
        forms[found] = form or Form("nothing")
    return forms, more


def _text_form(values: pl.Series, name: str, comma_first: bool) -> tuple[Form, list[str]]:
    filled = values.drop_nulls()
    if filled.is_empty():
        return Form("nothing"), []
    sample = filled.gather_every(max(1, len(filled) // SAMPLE))
    form, _ = text_form(sample.unique(maintain_order=True), name, comma_first)
    if form == TEXT:
        return form, []
    return text_form(filled.unique(maintain_order=True), name, comma_first)


def describe(
    rows: pl.LazyFrame, names: dict[str, str], forms: dict[str, Form], on_step: OnStep
) -> list[Column]:
    """Return the description of each column with values, by all rows.

    Args:
        rows: cleaned texts, under the names of the source.
        names: header to name.
        forms: header to conversion.
        on_step: is told what is done.
    """
    on_step("Reading all rows")
    kept = [one for one in names if forms[one].kind != "nothing"]
    typed = rows.select(forms[one].apply([one]).alias(names[one]) for one in kept)
    wanted = [expr for one in kept for expr in _statistics(names[one], forms[one])]
    try:
        found = typed.select(wanted).collect(engine="streaming").row(0, named=True)
    except pl.exceptions.PolarsError as failed:
        raise UserError(f"the rows cannot be converted: {str(failed).splitlines()[0]}") from failed
    return [_column(one, names[one], forms[one], found, typed) for one in kept]


def _statistics(name: str, form: Form) -> list[pl.Expr]:
    one = pl.col(name)
    common = {"missing": one.null_count(), "different": one.drop_nulls().n_unique(), "n": pl.len()}
    if form.kind == "text":
        common |= {"longest": one.str.len_chars().max()}
    elif form.kind != "boolean":
        number = one.filter(one.is_finite()) if form.kind == "number" else one.dt.epoch("s")
        common |= {"low": number.min(), "high": number.max()}
    if form.kind == "number":
        common |= {"whole": (one.drop_nulls() == one.drop_nulls().round()).all()}
    if form.kind == "timestamp":
        common |= {"whole": (one.drop_nulls() == one.drop_nulls().dt.truncate("1d")).all()}
    return [expr.alias(f"{key}|{name}") for key, expr in common.items()]


def _column(
    source: str, name: str, form: Form, found: dict[str, Any], typed: pl.LazyFrame
) -> Column:
    own = {key.partition("|")[0]: v for key, v in found.items() if key.partition("|")[2] == name}
    rows = own.pop("n")
    counts = {}
    if form.kind == "text" and own["different"] <= MOST_VALUES:
        counted = typed.select(pl.col(name).drop_nulls().value_counts()).unnest(name).collect()
        ordered = counted.sort("count", name, descending=[True, False])
        counts = dict(ordered.iter_rows())
    unique = own["missing"] == 0 and own["different"] == rows
    return Column(source, name, form, counts=counts, unique=unique, **own)
