"""Checks of `schema.py`, and of the examples in `tests/examples.py`."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from pydantic import ValidationError

from ..console import listed
from ..data.pydantic_schema import row_model
from ..data.validate import judge
from ..data.violations import Violation
from ..schema.columns import Timestamp
from ..schema.contract import Schema
from ..serving.predictor import Row


def check_examples(schema: Schema, rows: Sequence[Row], targets: Sequence[Any]) -> None:
    """Check that the examples are valid, row by row and as a table with their targets."""
    assert len(rows) >= 3, f"tests/examples.py: ROWS has {len(rows)} rows, needed are at least 3"
    assert len(rows) == len(targets), (
        f"tests/examples.py: ROWS has {len(rows)} rows, but TARGETS {len(targets)}"
    )
    for number, row in enumerate(rows):
        broken = columns_refused(schema, row)
        assert not broken, f"tests/examples.py: ROWS[{number}] breaks schema.py in {listed(broken)}"
    found = table_violations(schema, rows, targets)
    assert not found, f"tests/examples.py: ROWS or TARGETS break schema.py: {listed(found)}"


def check_bad_value(schema: Schema, row: Row, column: str, value: Any) -> None:
    """Check that a value is refused for its column only, in a single row and in a table."""
    message = f"schema.py: {column} = {value!r} should be refused for {column}"
    bad = dict(row) | {column: value}
    in_row = columns_refused(schema, bad)
    assert in_row == [column], f"{message}, a request is refused for {in_row or 'nothing'}"
    in_table = sorted({v.column for v in table_violations(schema, [bad])})
    assert in_table == [column], f"{message}, a table is refused for {in_table or 'nothing'}"


def check_descriptions(schema: Schema) -> None:
    """Check that every column and the target have a description."""
    missing = [one.name for one in (*schema.columns, schema.target) if not one.description.strip()]
    assert not missing, f"schema.py: no description of {listed(missing)}"


def check_time(schema: Schema) -> None:
    """Check that rows with a timestamp are split by time."""
    times = [one.name for one in schema.columns if isinstance(one, Timestamp) and one.required]
    assert schema.time or not times, (
        f"schema.py: time is None, so rows are split by a hash of {schema.key} although they have "
        f"{listed(times)}: the model would be trained on days after those it is tested on"
    )


def columns_refused(schema: Schema, row: Row) -> list[str]:
    """Return the columns for which a request with this row is refused, in order."""
    try:
        row_model(schema).model_validate(dict(row))
    except ValidationError as refused:
        return sorted({str(error["loc"][0]) for error in refused.errors()})
    return []


def table_violations(
    schema: Schema, rows: Sequence[Row], targets: Sequence[Any] | None = None
) -> list[Violation]:
    """Return the violations of rows as a table, with targets if given."""
    table = pl.DataFrame(list(rows), strict=False, infer_schema_length=None)
    if targets is not None:
        table = table.with_columns(pl.Series(schema.target.name, targets))
    return judge(table, schema, labelled=targets is not None).faults
