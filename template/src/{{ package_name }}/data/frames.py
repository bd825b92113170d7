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
    if isinstance(column, Category):
        known = pa.Check.isin(list(column.values))
        return [pa.Check.str_length(min_value=1) if column.others else known]
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
    labels = table[target.name]
    if isinstance(target, Classes):
        fits, allowed = labels.dtype in (pl.String, pl.Categorical, pl.Enum), target.values
        good = labels.cast(pl.String).is_in(list(target.values))
    else:
        fits, allowed = labels.dtype.is_numeric(), ("a finite number",)
        good = labels.cast(pl.Float64, strict=False).is_finite()
    bad = labels.is_not_null() & ~(good & fits)
    return [
        Fault(row, target.name, labels[row], ", ".join(allowed)) for row in bad.arg_true().to_list()
    ]
