"""Predict rows given as JSON lines; return predictions as JSON lines."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...data.violations import ROW, Violation, mark_duplicates, shorten
from ...schema.contract import Schema
from ..predictor import Predictor, to_rows

encode = json.JSONEncoder().encode
decode = json.JSONDecoder(object_pairs_hook=mark_duplicates).decode
MAX_LEVELS = 199  # nested levels of a row, as in a request


@dataclass(frozen=True)
class BundleSettings:
    """The section `edge` of `params.yaml`, as it was when the bundle was built."""

    fallback: Any
    max_age_days: int
    after_expiry: str
    log_rows: int
    log_row_bytes: int


class CheckedLine(NamedTuple):
    """The value of a line, and its schema violations."""

    row: Any
    violations: list[Violation]


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


class LinePredictor:
    """Predicts valid rows, and returns the fallback for invalid lines."""

    def __init__(self, predictor: Predictor, settings: BundleSettings) -> None:
        self.predictor, self.settings, self.schema = predictor, settings, predictor.schema
        self.check = RowCheck(predictor.schema)
        self.version = {"model_version": predictor.version}

    def predict(self, lines: list[bytes], first: int, *, expired: bool) -> list[bytes]:
        """Return a JSON line for each line, in order; `first` is the index of the first, from 0."""
        read = [self.read(line, first + index) for index, line in enumerate(lines)]
        withheld = expired and self.settings.after_expiry == "fallback"
        good = [] if withheld else [row for row, violations in read if not violations]
        records = iter(self.predictor.predict(to_rows(good, self.schema)).records() if good else [])
        flags = {"expired": True} if expired else {}
        results = (
            self.fallback(invalid) if invalid or withheld else self.prediction(next(records), row)
            for row, invalid in read
        )
        return [encode(result | flags).encode() for result in results]

    def read(self, line: bytes, number: int) -> CheckedLine:
        """Parse and validate a line."""
        try:
            row = parse(line)
        except (ValueError, RecursionError):
            text = line.decode("utf-8", "replace")
            return CheckedLine(None, [Violation(number, "", text, ROW)])
        row = self.schema.normalise(row) if type(row) is dict else row
        return CheckedLine(row, self.check.violations(row, number))

    def prediction(self, record: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        """Return the result for a valid row, as the REST service would."""
        ignored = self.check.ignored(row)
        result = record | self.version
        return result | {"ignored_columns": ignored} if ignored else result

    def fallback(self, violations: list[Violation]) -> dict[str, Any]:
        """Return the fallback as a result, flagged and without a score."""
        task = self.schema.target.task
        scores = {"binary": {"score": None}, "multiclass": {"scores": None}, "regression": {}}
        shown = [v._replace(found=shorten(v.found))._asdict() for v in violations]
        result = {"prediction": self.settings.fallback} | scores[task] | self.version
        return result | {"fallback": True, "faults": shown}


def parse(line: bytes) -> Any:
    """Parse a line of JSON.

    Raises:
        ValueError: it is not valid JSON, has an unpaired surrogate or more than `MAX_LEVELS`.
        RecursionError: it is nested too deeply.
    """
    row = decode(line.decode())
    if line.count(b"[") + line.count(b"{") > MAX_LEVELS - 1 and levels(row) > MAX_LEVELS:
        raise ValueError("too many levels")
    if b"\\u" in line:
        json.dumps(row, ensure_ascii=False).encode()
    return row


def levels(value: Any) -> int:
    """Count the nested levels of a JSON value, without recursion."""
    level, count = [value], 0
    while level:
        inner = [
            v.values() if isinstance(v, dict) else v for v in level if isinstance(v, list | dict)
        ]
        level, count = [value for values in inner for value in values], count + 1
    return count
