"""Checks of `schema.py`, and that `tests/examples.py` keeps to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from pydantic import ValidationError

from ..data.pydantic_schema import row_model
from ..data.validate import judge
from ..data.violations import Fault
from ..schema.columns import Timestamp
from ..schema.contract import Schema
from .assertions import listed, require

Row = Mapping[str, Any]


def check_examples(schema: Schema, rows: Sequence[Row], targets: Sequence[Any]) -> None:
    """Check that examples keep the schema, row by row and as a table with their targets."""
    require(len(rows) >= 3, f"tests/examples.py: ROWS holds {len(rows)}, needed are at least 3")
    require(
        len(rows) == len(targets),
        f"tests/examples.py: ROWS holds {len(rows)}, but TARGETS {len(targets)}",
    )
    for number, row in enumerate(rows):
        broken = columns_refused(schema, row)
        require(
            not broken, f"tests/examples.py: ROWS[{number}] breaks schema.py in {listed(broken)}"
        )
    faults = table_faults(schema, rows, targets)
    require(not faults, f"tests/examples.py: ROWS or TARGETS break schema.py: {listed(faults)}")


def check_bad_value(schema: Schema, row: Row, column: str, value: Any) -> None:
    """Check that a value is refused, in a single row and in a table, for its column alone."""
    said = f"schema.py: {column} = {value!r} should be refused for {column}"
    bad = dict(row) | {column: value}
    in_row = columns_refused(schema, bad)
    require(in_row == [column], f"{said}, a request is refused for {in_row or 'nothing'}")
    in_table = sorted({fault.column for fault in table_faults(schema, [bad])})
    require(in_table == [column], f"{said}, a table is refused for {in_table or 'nothing'}")


def check_descriptions(schema: Schema) -> None:
    """Check that every column and the target say what they are."""
    silent = [one.name for one in (*schema.columns, schema.target) if not one.description.strip()]
    require(not silent, f"schema.py: no description of {listed(silent)}")


def check_time(schema: Schema) -> None:
    """Check that rows which have a time are split by it."""
    times = [one.name for one in schema.columns if isinstance(one, Timestamp) and one.required]
    require(
        schema.time or not times,
        f"schema.py: time is None, so rows are split by a hash of {schema.key} although they have "
        f"{listed(times)}: the model would learn from days later than those it is tested on",
    )


def columns_refused(schema: Schema, row: Row) -> list[str]:
    """Name the columns for which a request with this row is refused, in order."""
    try:
        row_model(schema).model_validate(dict(row))
    except ValidationError as refused:
        return sorted({str(fault["loc"][0]) for fault in refused.errors()})
    return []


def table_faults(
    schema: Schema, rows: Sequence[Row], targets: Sequence[Any] | None = None
) -> list[Fault]:
    """List the faults of rows as a table, with targets if there are any."""
    table = pl.DataFrame(list(rows), strict=False, infer_schema_length=None)
    if targets is not None:
        table = table.with_columns(pl.Series(schema.target.name, targets))
    return judge(table, schema, labelled=targets is not None).faults
