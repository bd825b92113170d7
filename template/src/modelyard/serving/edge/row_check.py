"""Validate rows in plain Python, like `pydantic_schema.py` and `data/validate.py`."""

from typing import Any

from ...data.violations import ROW, Violation
from ...schema.contract import Schema


class RowCheck:
    """Validates rows that were parsed from JSON."""

    def __init__(self, schema: Schema) -> None:
        self.schema, self.names = schema, frozenset(schema.names)
        self.checks = [(one.name, one.required, one.is_valid) for one in schema.columns]

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
