"""Check that `data/ingest.py` keeps its promise: a table, the schema's columns, known rows."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from modelyard.console import UserError
from modelyard.data.tables import cast_column
from modelyard.testing import ingest as promise

from ..context import Context
from ..finding import Finding
from ..lines import line_of_name

NAME, FILE = "ingest", "data/ingest.py"
AGAIN_S = 2.0  # a faster ingest is called a second time, for an earlier day
DERIVED = ("raw", "processed")  # folders in data/ that the pipeline writes


def check_ingest(context: Context) -> Iterator[Finding]:
    """Call `ingest`, yield what is wrong with its rows, and keep them."""
    assert context.params is not None
    as_of, before = context.params.data.as_of, sources(context.root)
    with context.timed("ingest"):
        try:
            rows = context.modules[FILE].ingest(as_of)
        except Exception as failure:
            wanted = "a table, read without an error"
            yield context.finding(NAME, failure, FILE, wanted, "correct the line, or its source")
            return
    changed = [name for name, state in sources(context.root).items() if before.get(name) != state]
    if changed:
        yield of_ingest(
            context, f"ingest changes {', '.join(changed[:3])}", "a function that only reads",
            "write to another place than data/, or not at all",
        )  # fmt: skip
    if not isinstance(rows, pl.DataFrame):
        remedy = "return a DataFrame: .collect() a LazyFrame, pl.from_pandas for pandas"
        found = f"ingest returns a {type(rows).__name__}"
        yield of_ingest(context, found, "a Polars DataFrame", remedy)
    elif not rows.height:
        remedy = "set params.yaml: data.as_of after the oldest rows, or correct the source"
        yield of_ingest(context, f"no rows before {as_of}", "rows before data.as_of", remedy)
    else:
        yield from check_rows(context, rows, as_of)


def check_rows(context: Context, rows: pl.DataFrame, as_of: date) -> Iterator[Finding]:
    """Yield wrong columns and days of a table; keep it if it has the columns."""
    schema, params = context.schema, context.params
    assert schema is not None
    assert params is not None
    context.facts.append(f"ingest: {rows.height:,} rows in {context.seconds['ingest']:.1f} s")
    try:
        promise.check_columns(rows, schema)
    except AssertionError as wrong:
        wanted = f"the columns of schema.py and the target {schema.target.name}, no others"
        remedy = "select, rename or drop columns in ingest, or change schema.py"
        found = context.finding(NAME, wrong, FILE, wanted, remedy)
        yield of_ingest(context, found.found, wanted, remedy)
    if {*schema.names, schema.target.name} <= {*rows.columns}:
        context.raw = rows
        yield from check_days(context, rows, as_of)


def check_days(context: Context, rows: pl.DataFrame, as_of: date) -> Iterator[Finding]:
    """Yield rows of a day that is not over: for `data.as_of`, then for an earlier day."""
    days = days_of(context, rows)
    if not len(days):
        return
    newest: Any = days.max()
    if newest >= as_of:
        yield too_new(context, newest, as_of)
    elif context.seconds["ingest"] <= AGAIN_S:
        middle: Any = days.sort()[len(days) // 2]
        earlier = middle + timedelta(days=1)
        try:
            again = days_of(context, context.modules[FILE].ingest(earlier))
        except Exception as failure:
            found = context.finding(NAME, failure, FILE, f"rows before {earlier}", BY_DAY)
            yield of_ingest(context, f"as_of {earlier}: {found.found}", found.allowed, BY_DAY)
            return
        last: Any = again.max()
        if last is not None and last >= earlier:
            yield too_new(context, last, earlier)


BY_DAY = "filter by as_of, as in: pl.col(TIME).dt.date() < as_of"


def too_new(context: Context, newest: date, as_of: date) -> Finding:
    """Return the finding of a row from the day `as_of` or later."""
    found = f"a row of {newest} for as_of {as_of}"
    return of_ingest(context, found, "only rows before the day as_of that ingest gets", BY_DAY)


def days_of(context: Context, rows: pl.DataFrame) -> pl.Series:
    """Return the days of the rows; none if there is no time column, or its values are no times."""
    schema = context.schema
    if schema is None or not schema.time:
        return pl.Series(dtype=pl.Date)
    try:
        times = rows.select(cast_column(rows, schema.column(schema.time), parse_texts=False))
    except UserError:  # check_schema names it
        return pl.Series(dtype=pl.Date)
    return times.to_series().dt.date().drop_nulls()


def of_ingest(context: Context, found: str, allowed: str, remedy: str) -> Finding:
    """Return a finding at the function `ingest`."""
    line = line_of_name(context.root / context.path(FILE), "ingest")
    return context.error(NAME, FILE, found, allowed, remedy, line)


def sources(root: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of the last change of the files in `data/` that no stage writes."""
    found = {}
    for path in (root / "data").rglob("*"):
        name = path.relative_to(root)
        if path.is_file() and name.parts[1] not in DERIVED:
            state = path.stat()
            found[name.as_posix()] = (state.st_size, state.st_mtime_ns)
    return found
