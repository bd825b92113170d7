"""Check rows in plain Python, with the verdicts of `pydantic_schema.py` and `polars_schema.py`."""

import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ...data.violations import ROW, Fault
from ...schema.columns import TIME_PATTERN, Category, Column, Number, Text, Timestamp
from ...schema.contract import Schema

Judge = Callable[[Any], bool]


class RowCheck:
    """Checks rows as JSON gives them."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self.names = schema, frozenset(schema.names)
        self.judges = [(column.name, column.required, judge(column)) for column in schema.columns]

    def faults(self, row: Any, number: int) -> list[Fault]:
        """List the broken rules of a row, the one with this number, in order of its columns."""
        if type(row) is not dict:
            return [Fault(number, "", row, ROW)]
        bad = [
            name
            for name, required, fits in self.judges
            if ((value := row.get(name)) is not None or required) and not fits(value)
        ]
        return [
            Fault(number, name, row.get(name), self.schema.column(name).allowed()) for name in bad
        ]

    def ignored(self, row: dict[str, Any]) -> list[str]:
        """Name the columns that the schema does not know, in order."""
        return [] if row.keys() <= self.names else sorted(row.keys() - self.names)


def judge(column: Column) -> Judge:
    """Give the test of a column's value that is there."""
    match column:
        case Number():
            return number_judge(column)
        case Category(others=False):
            known = frozenset(column.values)
            return lambda value: type(value) is str and value in known
        case Category():
            return lambda value: type(value) is str and value != ""
        case Text():
            most = column.max_length
            return lambda value: type(value) is str and 1 <= len(value) <= most
        case Timestamp():
            return is_time
        case _:
            raise TypeError(f"{column.name}: no plain check for a column of kind {column.kind}")


def number_judge(column: Number) -> Judge:
    """Give the test of a finite number in a range; True and False are none."""
    least = -sys.float_info.max if column.min is None else column.min
    most = sys.float_info.max if column.max is None else column.max

    def fits(value: Any) -> bool:
        if type(value) is float:
            return least <= value <= most
        try:
            return type(value) is int and least <= float(value) <= most
        except OverflowError:
            return False

    return fits


def is_time(value: Any, pattern: re.Pattern[str] = re.compile(TIME_PATTERN)) -> bool:
    """Tell whether a value is a text such as 2013-08-01T06:30:00, of a day that a calendar has."""
    if type(value) is not str or not pattern.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
