"""The schema of a row as a check of whole tables: pandera on Polars."""

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from ..columns import Category, Column, Number, Text
from ..contract import Classes, Quantity, Schema
from .faults import Fault
from .tables import DTYPES


def table_schema(schema: Schema) -> pa.DataFrameSchema:
    """Derive the pandera schema of a table whose columns have their types; without target."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(DTYPES[type(column)], checks(column), not column.required)
            for column in schema.columns
        }
    )


def checks(column: Column) -> list[pa.Check]:
    """Give the checks of a column's values."""
    if isinstance(column, Number):
        low = float("-inf") if column.min is None else column.min
        high = float("inf") if column.max is None else column.max
        return [pa.Check.in_range(low, high), finite()]
    if isinstance(column, Category) and not column.others:
        return [pa.Check.isin(list(column.values))]
    if isinstance(column, Text):
        return [pa.Check.str_length(1, column.max_length)]
    return []


def finite() -> pa.Check:
    """Refuse NaN and infinity."""
    return pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_finite()))


def table_faults(table: pl.DataFrame, schema: Schema) -> list[Fault]:
    """List what breaks the schema in a table whose columns have their types already.

    Args:
        table: has each column of the schema, in its type (`tables.with_types`).
        schema: the rules.

    Returns:
        One fault for each bad value, in order of row and column.
    """
    try:
        table_schema(schema).validate(table, lazy=True)
    except SchemaErrors as errors:
        return [
            Fault(row, name, table[row, name], schema.column(name).allowed())
            for name, row in sorted(
                errors.failure_cases.select("column", "index").drop_nulls().unique().rows(),
                key=lambda case: (case[1], schema.names.index(case[0])),
            )
        ]
    return []


def target_faults(table: pl.DataFrame, target: Classes | Quantity) -> list[Fault]:
    """List the labels that the target does not know; a missing label is no fault."""
    if isinstance(target, Classes):
        good, allowed = pl.col(target.name).is_in(list(target.values)), ", ".join(target.values)
    else:
        good, allowed = pl.col(target.name).is_finite(), "a finite number"
    bad = table.with_row_index("_row").filter(~good)
    return [
        Fault(row, target.name, found, allowed)
        for row, found in bad.select("_row", target.name).rows()
    ]
