"""The schema of a row as a check of whole tables, in Polars."""

import polars as pl

from ..console import UserError
from ..schema.columns import Category, Column, Number, Text
from ..schema.contract import Classes, Quantity, Schema
from .violations import Fault


def keeps(column: Column) -> pl.Expr:
    """Tell of each value, missing ones included, whether the column may hold it."""
    return rule(column).fill_null(not column.required)


def rule(column: Column) -> pl.Expr:
    """Tell of each value whether the column may hold it; null for a missing one."""
    values = pl.col(column.name)
    if isinstance(column, Number):
        low = float("-inf") if column.min is None else column.min
        high = float("inf") if column.max is None else column.max
        return values.is_between(low, high) & values.is_finite()
    if isinstance(column, Category):
        known = values.is_in(list(column.values))
        return values.str.len_chars() > 0 if column.others else known
    if isinstance(column, Text):
        return values.str.len_chars().is_between(1, column.max_length)
    return pl.when(values.is_not_null()).then(True)


def broken_columns(table: pl.DataFrame, schema: Schema) -> list[Column]:
    """List the columns whose rule some value breaks, in one pass over the table."""
    kept = table.select(keeps(column).all().alias(column.name) for column in schema.columns)
    return [column for column in schema.columns if not kept[0, column.name]]


def table_faults(table: pl.DataFrame, schema: Schema) -> list[Fault]:
    """List what breaks the schema in a table whose columns have their types already.

    Args:
        table: has each column of the schema, in its type (`tables.with_types`).
        schema: the rules.

    Returns:
        One fault for each bad value, in order of row and column.
    """
    faults = [
        fault for column in broken_columns(table, schema) for fault in bad_values(table, column)
    ]
    return sorted(faults, key=lambda fault: fault.row)


def bad_values(table: pl.DataFrame, column: Column) -> list[Fault]:
    """List the values of a column that break its rule."""
    rows = table.select(pl.arg_where(~keeps(column))).to_series()
    found = table[column.name].gather(rows)
    return [
        Fault(row, column.name, value, column.allowed())
        for row, value in zip(rows, found, strict=True)
    ]


def target_faults(table: pl.DataFrame, target: Classes | Quantity) -> list[Fault]:
    """List the labels that the target does not know; a missing label is no fault.

    Raises:
        UserError: the table has no labels.
    """
    if target.name not in table.columns:
        found = ", ".join(table.columns)
        raise UserError(f"column {target.name}, the target, is missing, found: {found}")
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
