"""Validate whole tables against the schema, in Polars."""

import polars as pl

from ..console import UserError
from ..schema.columns import Category, Column, Number, Text
from ..schema.contract import Classes, Quantity, Schema
from .violations import Violation, cut


def is_valid(column: Column) -> pl.Expr:
    """Build an expression: whether each value, missing ones included, is valid."""
    return rule(column).fill_null(not column.required)


def rule(column: Column) -> pl.Expr:
    """Build an expression: whether each value is valid; null where the value is missing."""
    values = pl.col(column.name)
    if isinstance(column, Number):
        low = float("-inf") if column.min is None else column.min
        high = float("inf") if column.max is None else column.max
        return values.is_between(low, high) & values.is_finite()
    if isinstance(column, Category) and not column.others:
        return values.is_in(list(column.values))
    if isinstance(column, Category | Text):
        return values.str.len_chars().is_between(1, column.max_length)
    return pl.when(values.is_not_null()).then(True)


def invalid_columns(table: pl.DataFrame, schema: Schema) -> list[Column]:
    """List the columns with at least one invalid value, in one pass over the table."""
    valid = table.select(is_valid(column).all().alias(column.name) for column in schema.columns)
    return [column for column in schema.columns if not valid[0, column.name]]


def table_violations(table: pl.DataFrame, schema: Schema) -> list[Violation]:
    """List the violations in a table whose columns already have the types of the schema.

    Returns:
        One violation for each invalid value, ordered by row and column.
    """
    columns = invalid_columns(table, schema)
    violations = [v for column in columns for v in column_violations(table, column)]
    return sorted(violations, key=lambda v: v.row)


def column_violations(table: pl.DataFrame, column: Column) -> list[Violation]:
    """List the violations in one column."""
    rows = table.select(pl.arg_where(~is_valid(column))).to_series()
    found = table[column.name].gather(rows)
    return [
        Violation(row, column.name, value, column.allowed())
        for row, value in zip(rows, found, strict=True)
    ]


def target_violations(table: pl.DataFrame, target: Classes | Quantity) -> list[Violation]:
    """List the labels that are not valid for the target; a missing label is not a violation.

    Raises:
        UserError: the target column is missing.
    """
    if target.name not in table.columns:
        found = cut(", ".join(table.columns), 2000)
        raise UserError(f"target column {target.name} is missing, found: {found}")
    labels = table[target.name]
    if isinstance(target, Classes):
        fits, allowed = labels.dtype in (pl.String, pl.Categorical, pl.Enum), target.values
        good = labels.cast(pl.String).is_in(list(target.values))
    else:
        fits, allowed = labels.dtype.is_numeric(), ("a finite number",)
        good = labels.cast(pl.Float64, strict=False).is_finite()
    bad = labels.is_not_null() & ~(good & fits)
    known = ", ".join(allowed)
    return [Violation(row, target.name, labels[row], known) for row in bad.arg_true().to_list()]
