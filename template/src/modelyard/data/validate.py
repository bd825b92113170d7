"""Validate tables in Polars: separate valid rows from rows that violate the schema."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ..console import UserError
from ..schema.column import LARGEST
from ..schema.columns import Boolean, Category, Column, Integer, Number, Text
from ..schema.contract import Classes, Quantity, Schema
from .tables import cast_column, cast_columns, drop_aliases_of_missing
from .violations import Violation, cut, summarize


@dataclass(frozen=True)
class Verdict:
    """The valid rows of a table, the rejected rows, and all violations."""

    good: pl.DataFrame
    rejected: pl.DataFrame
    faults: list[Violation]


def judge(
    table: pl.DataFrame, schema: Schema, *, parse_texts: bool = False, labelled: bool = True
) -> Verdict:
    """Separate the rows of a table that are valid from those that violate the schema.

    Args:
        table: as read from a file.
        schema: the schema to validate against.
        parse_texts: whether numbers may be given as text, as in CSV files.
        labelled: whether the target column is required and validated too.
    """
    typed = cast_columns(table, schema, parse_texts=parse_texts)
    found = drop_aliases_of_missing(table, schema, parse_texts)
    violations = list_violations(found, typed, schema.columns)
    if labelled:
        violations += target_violations(table, schema.target)
    if not violations:
        return Verdict(typed, table.clear(), [])
    broken = sorted({v.row for v in violations})
    bad = pl.int_range(table.height, eager=True).is_in(broken)
    return Verdict(typed.filter(~bad), table.filter(bad), sorted(violations, key=lambda v: v.row))


def check_rejected_share(verdict: Verdict, max_share: float) -> None:
    """Refuse a table with too many rejected rows; the message counts them by column."""
    total = verdict.good.height + verdict.rejected.height
    share = verdict.rejected.height / total
    if share > max_share:
        raise UserError(
            f"{verdict.rejected.height} of {total} rows ({share:.1%}) break the schema, "
            f"allowed are {max_share:.1%} (params.yaml: data.max_rejected_share)\n"
            + summarize(verdict.faults)
        )


def is_valid(column: Column) -> pl.Expr:
    """Build an expression: whether each value, missing ones included, is valid."""
    return rule(column).fill_null(not column.required)


def rule(column: Column) -> pl.Expr:
    """Build an expression: whether each value is valid; null where the value is missing."""
    values = pl.col(column.name)
    if isinstance(column, Number) and not isinstance(column, Boolean):
        most = LARGEST if isinstance(column, Integer) else float("inf")
        low = -most if column.min is None else max(column.min, -most)
        high = most if column.max is None else min(column.max, most)
        return values.is_between(low, high) & values.is_finite()
    if isinstance(column, Category) and not column.others:
        return values.is_in(list(column.values))
    if isinstance(column, Category | Text):
        return values.str.len_chars().is_between(1, column.max_length)
    return pl.when(values.is_not_null()).then(True)


def list_violations(
    table: pl.DataFrame, typed: pl.DataFrame, columns: Sequence[Column]
) -> list[Violation]:
    """List the values of a table that cannot be cast, or violate the schema, column by column.

    Args:
        table: the values as found.
        typed: the same rows with the types of the schema; a value that cannot be cast is null.
        columns: the columns to validate.
    """
    valid = typed.select(is_valid(column).all().alias(column.name) for column in columns)
    return [
        violation
        for column in columns
        if not valid[0, column.name]
        or typed[column.name].null_count() > table[column.name].null_count()
        for violation in column_violations(table[column.name], typed, column)
    ]


def column_violations(found: pl.Series, typed: pl.DataFrame, column: Column) -> list[Violation]:
    """List the violations in one column, with the value as found if it cannot be cast."""
    values, valid = typed[column.name], typed.select(is_valid(column)).to_series()
    rows = (~valid | (found.is_not_null() & values.is_null())).arg_true()
    return [
        Violation(row, column.name, original if value is None else value, column.allowed())
        for row, original, value in zip(rows, found.gather(rows), values.gather(rows), strict=True)
    ]


def target_violations(table: pl.DataFrame, target: Classes | Quantity) -> list[Violation]:
    """List the labels that are not valid for the target; a missing label is not a violation.

    Raises:
        UserError: the target column is missing.
    """
    if target.name not in table.columns:
        found = cut(", ".join(table.columns), 2000)
        raise UserError(f"target column {target.name} is missing, found: {found}")
    typed = table.select(cast_column(table, target.column, parse_texts=False))
    return list_violations(table, typed, [target.column])
