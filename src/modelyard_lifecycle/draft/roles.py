"""Find key, time and target among the columns, and what leaks the target."""

import re

import polars as pl

from ..errors import UserError
from .columns import Column, Notes
from .plan import Target, Task, order_classes
from .wish import Wanted

MOST_CLASSES = 50
FEW_NUMBERS = 10  # up to so many different whole numbers are classes
LEAST_ROWS = 5  # labelled rows of a class
NAMED_KEY = re.compile(r"(^|_)(id|key|uuid|guid|nr|no|number|column_1|index)$")
MOST_TWICE = 0.01  # share of rows with a duplicate key
CORRELATED = 0.9999  # with a numeric target: the same number
REPEATED = 5  # rows of each different text, on average, by which chance is excluded
PURE = 0.999  # share of rows whose value has only one class


def find_task(column: Column, wanted: Wanted) -> Task:
    """Return the task of a target: numbers are a regression, unless they are few whole ones.

    Raises:
        UserError: the target has one value only, too many classes, or times.
    """
    name, kind = column.source, column.kind
    if column.different < 2:
        raise UserError(f"--target {name} has one value only, so there is nothing to predict")
    if kind == "timestamp":
        raise UserError(f"--target {name} holds times; choose a column of numbers or classes")
    few = column.whole and column.different <= FEW_NUMBERS
    if kind == "number" and wanted != "classification" and (wanted or not few):
        return "regression"
    if wanted == "regression":
        raise UserError(f"--task is regression, but {name} holds texts")
    if column.different > MOST_CLASSES:
        raise UserError(
            f"--target {name} has {column.different:,} different values, allowed are at most "
            f"{MOST_CLASSES} classes, or numbers"
        )
    return "binary" if column.different == 2 else "multiclass"


def make_target(column: Column, task: Task, notes: Notes) -> Target:
    """Return the target, of which classes have their order.

    Raises:
        UserError: a class has too few rows to be in all parts.
    """
    if task == "regression":
        return Target(column, task)
    rare = {value: count for value, count in column.counts.items() if count < LEAST_ROWS}
    if rare:
        listed = ", ".join(f"{value} ({count})" for value, count in rare.items())
        raise UserError(
            f"--target {column.source}: each class needs at least {LEAST_ROWS} rows, fewer have "
            f"{listed}; merge or remove these classes"
        )
    values = order_classes(column.counts)
    if task == "binary":
        notes.append(f"{column.name}: the positive class is {values[1]} (the second in schema.py)")
    return Target(column, task, values)


def find_key(columns: list[Column], given: str | None, rows: int, notes: Notes) -> Column | None:
    """Return the column that identifies a row; None if rows have to be numbered.

    Args:
        columns: all columns.
        given: the header that --key names, if any.
        rows: the number of rows.
        notes: gets what a person should know.

    Raises:
        UserError: the given column has missing values, or more than 1 % of duplicates.
    """
    if given is None:
        named = [one for one in columns if one.unique and NAMED_KEY.search(one.name)]
        whole = [one for one in named if one.kind == "text" or one.whole]
        chosen = whole[0] if whole else None
        how = f"{chosen.name} identifies a row" if chosen else "no column is unique, see --key"
        notes.append(f"key: {how}" if chosen else f"key: rows are numbered ({how})")
        return chosen
    key = next((one for one in columns if one.source == given), None)
    if key is None or key.missing:
        lost = key.missing if key else rows
        raise UserError(f"--key {given}: {lost:,} of {rows:,} rows have no value")
    twice = rows - key.different
    if twice > MOST_TWICE * rows:
        raise UserError(
            f"--key {given}: {twice:,} of {rows:,} rows have the value of another row, "
            f"allowed are {MOST_TWICE:.0%}"
        )
    if twice:
        notes.append(f"key: {twice:,} rows have the {key.name} of an earlier row: dropped")
    return key


def find_leaks(typed: pl.LazyFrame, columns: list[Column], target: Target) -> list[Column]:
    """Return the columns that equal the target, or from whose value its class follows."""
    name, rows = target.column.name, pl.col(target.column.name).is_not_null()
    known = typed.filter(rows)
    if target.task == "regression":
        numbers = [one for one in columns if one.kind == "number" and one.different > 2]
        wanted = [pl.corr(one.name, name).abs().fill_nan(0).alias(one.name) for one in numbers]
        found = known.select(wanted).collect().row(0, named=True) if wanted else {}
        return [one for one in numbers if (found[one.name] or 0) >= CORRELATED]
    return [one for one in columns if _tells_class(known, one, name)]


def _tells_class(known: pl.LazyFrame, column: Column, target: str) -> bool:
    """Return whether a column separates the classes: by its values, or by limits."""
    name = pl.col(column.name)
    if column.kind == "text" and column.different > 2 * MOST_CLASSES:
        return False
    if column.kind == "text":
        pairs = known.filter(name.is_not_null()).group_by(column.name, target).len().collect()
        most = pairs.group_by(column.name).agg(pl.col("len").max())["len"].sum()
        biggest = pairs.group_by(target).agg(pl.col("len").sum())["len"].max()
        total = int(pairs["len"].sum())
        repeated = column.different * REPEATED <= total
        return bool(repeated and most >= PURE * total and biggest != total)
    name = name.cast(pl.Int8) if column.kind == "boolean" else name
    limits = known.group_by(target).agg(name.min().alias("low"), name.max().alias("high")).collect()
    ordered = limits.drop_nulls().sort("low")
    apart = ordered["high"].shift(1) < ordered["low"]
    return ordered.height > 1 and ordered.height == limits.height and bool(apart.drop_nulls().all())
