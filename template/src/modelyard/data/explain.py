"""What is wrong with a table that breaks the schema: pandera on Polars."""

from collections.abc import Iterable

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from ..schema.columns import Column
from .faults import Fault
from .frames import rule
from .tables import DTYPES


def table_schema(columns: Iterable[Column]) -> pa.DataFrameSchema:
    """Derive the pandera schema of a table whose columns have their types; without target."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(DTYPES[type(column)], check(column), not column.required)
            for column in columns
        }
    )


def check(column: Column) -> pa.Check:
    """Make pandera's check of a column's rule."""
    return pa.Check(lambda data: data.lazyframe.select(rule(column)))


def explain(table: pl.DataFrame, columns: list[Column]) -> list[Fault]:
    """List the bad values of some columns, in order of row and column."""
    order = {column.name: (place, column.allowed()) for place, column in enumerate(columns)}
    try:
        table_schema(columns).validate(table, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "index").drop_nulls().unique().rows()
        return [
            Fault(row, name, table[row, name], order[name][1])
            for name, row in sorted(cases, key=lambda case: (case[1], order[case[0]]))
        ]
    return []
