"""Validate rows in plain Python, like `pydantic_schema.py` and `data/validate.py`."""

import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ...data.violations import ROW, Violation
from ...schema.columns import TIME_PATTERN, Category, Column, Number, Text, Timestamp
from ...schema.contract import Schema

ValueCheck = Callable[[Any], bool]


class RowCheck:
    """Validates rows that were parsed from JSON."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self.names = schema, frozenset(schema.names)
        self.checks = [(one.name, one.required, value_check(one)) for one in schema.columns]

    def violations(self, row: Any, number: int) -> list[Violation]:
        """List the schema violations of the row with this number, in the schema's order."""
        if type(row) is not dict:
            return [Violation(number, "", row, ROW)]
        bad = [
            name
            for name, required, is_valid in self.checks
            if ((value := row.get(name)) is not None or required) and not is_valid(value)
        ]
        allowed = {name: self.schema.column(name).allowed() for name in bad}
        return [Violation(number, name, row.get(name), allowed[name]) for name in bad]

    def ignored(self, row: dict[str, Any]) -> list[str]:
        """List the columns that are not in the schema, sorted."""
        return [] if row.keys() <= self.names else sorted(row.keys() - self.names)


def value_check(column: Column) -> ValueCheck:
    """Return the check of a column's values that are not missing."""
    match column:
        case Number():
            return number_check(column)
        case Category(others=False):
            known = frozenset(column.values)
            return lambda value: type(value) is str and value in known
        case Category() | Text():
            max_length = column.max_length
            return lambda value: type(value) is str and 1 <= len(value) <= max_length
        case Timestamp():
            return is_time
        case _:
            raise TypeError(f"{column.name}: no check for a column of kind {column.kind}")


def number_check(column: Number) -> ValueCheck:
    """Return the check of a finite number in a range; True and False are not numbers."""
    low = -sys.float_info.max if column.min is None else column.min
    high = sys.float_info.max if column.max is None else column.max

    def is_valid(value: Any) -> bool:
        if type(value) is float:
            return low <= value <= high
        try:
            return type(value) is int and low <= float(value) <= high
        except OverflowError:
            return False

    return is_valid


def is_time(value: Any, pattern: re.Pattern[str] = re.compile(TIME_PATTERN)) -> bool:
    """Return whether a value is a time such as 2013-08-01T06:30:00, on a date that exists."""
    if type(value) is not str or not pattern.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
