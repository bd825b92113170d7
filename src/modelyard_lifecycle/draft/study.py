"""Study a table, and decide what each column becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from ..errors import UserError
from .columns import Column, Form, Notes, OnStep
from .forms import as_text
from .guess import clean_texts, describe, find_forms, has_spaces, missing_markers
from .names import column_names, find_column
from .plan import Field, Plan, Target, as_category, is_code, make_field
from .roles import NAMED_KEY, find_key, find_leaks, find_task, make_target
from .source import Source
from .wish import Wish

LEAST_ROWS = 50


@dataclass(frozen=True)
class Study:
    """A table with the decisions.

    Args:
        plan: the decisions.
        names: header to column name.
        missing: markers of missing values.
        strip: whether texts have spaces around them.
        typed: the converted rows, under their names.
        notes: what a person should know.
    """

    plan: Plan
    names: dict[str, str]
    missing: list[str]
    strip: bool
    typed: pl.LazyFrame
    notes: Notes


def study(rows: pl.DataFrame, source: Source, wish: Wish, on_step: OnStep) -> Study:
    """Decide what each column of a table becomes.

    Raises:
        UserError: an option names no column, or the table cannot be learned from.
    """
    notes: Notes = []
    wish = _headers(rows, wish)
    names = column_names(rows.columns, wish.target)
    strip = has_spaces(rows)
    missing = missing_markers(rows, strip)
    cleaned = clean_texts(rows.lazy(), strip, missing).collect()
    on_step("Finding the kinds of the columns")
    comma_first = source.is_csv and source.separator != ","
    forms, more = find_forms(cleaned, names, comma_first, notes)
    missing += [one for one in more if one not in missing]
    lazy = clean_texts(rows.lazy(), strip, missing)
    columns = _recoded(lazy, names, forms, wish, on_step)
    typed = lazy.select(
        _conversion(one, wish).apply([one.source]).alias(one.name) for one in columns
    )
    plan = _decide(columns, rows.height, wish, typed, notes)
    empty = [(name, "empty") for name in names if forms[name].kind == "nothing"]
    return Study(replace(plan, unused=plan.unused + empty), names, missing, strip, typed, notes)


def _headers(rows: pl.DataFrame, wish: Wish) -> Wish:
    """Return the options with the headers of the table."""
    header = rows.columns
    target = find_column(wish.target, "--target", header)
    key, time = (
        None if given is None else find_column(given, option, header)
        for given, option in ((wish.key, "--key"), (wish.time, "--time"))
    )
    named = [one for one in (target, key, time) if one]
    if len({*named}) < len(named):
        raise UserError("--target, --key and --time name the same column; choose different ones")
    if rows.height < LEAST_ROWS:
        raise UserError(f"the source has {rows.height} rows, at least {LEAST_ROWS} are needed")
    return replace(wish, target=target, key=key, time=time)


def _recoded(
    rows: pl.LazyFrame, names: dict[str, str], forms: dict[str, Form], wish: Wish, on_step: OnStep
) -> list[Column]:
    """Return the columns; whole numbers that are categories or classes are texts."""
    if forms[wish.target].kind == "boolean":  # the classes are texts
        forms = forms | {wish.target: as_text(forms[wish.target])}
    columns = describe(rows, names, forms, on_step)
    _refuse_unusable(columns, wish)
    coded = {one.source: as_category(one.form) for one in columns if _is_coded(one, wish)}
    if not coded:
        return columns
    again = describe(rows, {one: names[one] for one in coded}, coded, on_step)
    texts: Mapping[str, Column] = {one.source: one for one in again}
    return [texts.get(one.source, one) for one in columns]


def _is_coded(column: Column, wish: Wish) -> bool:
    if column.source == wish.target:
        return column.kind == "number" and find_task(column, wish.task) != "regression"
    return is_code(column)


def _refuse_unusable(columns: list[Column], wish: Wish) -> None:
    """Refuse an empty target, and a time that is none."""
    known = {one.source: one for one in columns}
    if wish.target not in known:
        raise UserError(f"--target {wish.target} is empty: no row has a value")
    time = known.get(wish.time or "")
    if wish.time and (time is None or time.kind != "timestamp" or time.missing):
        found = "empty" if time is None else f"a {time.kind} with {time.missing:,} missing values"
        raise UserError(f"--time {wish.time} is {found}, allowed are dates or times in every row")


def _conversion(column: Column, wish: Wish) -> Form:
    """Return the conversion of a column in ingest: a key is a text."""
    if column.source == wish.key and column.kind == "number":
        return as_category(column.form)
    return column.form


def _decide(
    columns: list[Column], rows: int, wish: Wish, typed: pl.LazyFrame, notes: Notes
) -> Plan:
    """Return the plan of described columns."""
    target = _target(columns, wish, notes)
    others = [one for one in columns if one.source != wish.target]
    key = find_key([one for one in others if one.source != wish.time], wish.key, rows, notes)
    rest = [one for one in others if one != key]
    constant = [one for one in rest if one.different < 2 and one.source != wish.time]
    rest = [one for one in rest if one not in constant]
    leaks = find_leaks(typed, [one for one in rest if one.source != wish.time], target)
    notes += [f"{one.name}: LEFT OUT, it tells {target.column.name} (a leak)" for one in leaks]
    kept = [one for one in rest if one not in leaks]
    fields = [_field(one, rows, wish, notes) for one in kept]
    if not any(one.feature for one in fields):
        raise UserError("no column can be a feature: all are empty, constant, texts or leaks")
    time = next((one.name for one in rest if one.source == wish.time), None)
    unused = [(one.source, "constant") for one in constant]
    return Plan(rows, key, time, fields, target, leaks, unused)


def _target(columns: list[Column], wish: Wish, notes: Notes) -> Target:
    column = next(one for one in columns if one.source == wish.target)
    task = find_task(column, wish.task)
    if column.missing:
        notes.append(f"{column.name}: {column.missing:,} rows have none: they are not trained on")
    return make_target(column, task, notes)


def _field(column: Column, rows: int, wish: Wish, notes: Notes) -> Field:
    """Return the field of a column: times are optional, as only --time may be required."""
    found = make_field(column, rows, notes)
    if found.is_time and column.source != wish.time and found.required:
        notes.append(f"{column.name}: dates; if it is when a row happened: --time {column.source}")
        return replace(found, required=False)
    if column.kind == "number" and column.unique and NAMED_KEY.search(column.name):
        notes.append(f"{column.name}: different in each row, is no feature")
        return replace(found, feature=False)
    return found
