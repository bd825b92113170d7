"""Schema violations of rows, reported alike by pipeline, batch, REST and edge."""

import json
from collections import Counter
from typing import Any, NamedTuple

ROW = "an object with a value for each column"
MAX_CHARACTERS = 200
MAX_NUMBER = 1e300
DUPLICATED = "named more than once"


class Violation(NamedTuple):
    """A schema violation: row number (from 0), column, value found, allowed values."""

    row: int
    column: str
    found: Any
    allowed: str

    def __str__(self) -> str:
        """Return the violation as one line."""
        found = cut(repr(self.found))
        return f"row {self.row}: {self.column} is {found}, allowed is {self.allowed}"


def mark_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a dict (`object_pairs_hook`); a duplicate name gets a value that no column allows."""
    result = dict(pairs)
    if len(result) < len(pairs):
        values: dict[str, list[Any]] = {name: [] for name in result}
        for name, value in pairs:
            values[name].append(value)
        result |= {name: {DUPLICATED: found} for name, found in values.items() if len(found) > 1}
    return result


def shorten(value: Any) -> Any:
    """Return a value that fits into JSON: long ones truncated, NaN and infinity as text."""
    if value is None or (isinstance(value, int | float) and abs(value) < MAX_NUMBER):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return cut(value)


def cut(text: str, most: int = MAX_CHARACTERS) -> str:
    """Return a text of at most `most` characters, with "…" if it was longer."""
    return text if len(text) <= most else text[:most] + "…"


def summarize(violations: list[Violation], examples: int = 3) -> str:
    """Summarize by column: the number of violations and the first values."""
    counts = Counter(v.column for v in violations)
    lines = []
    for column, count in counts.most_common():
        own = [v for v in violations if v.column == column][:examples]
        shown = ", ".join(f"row {v.row}: {cut(repr(v.found))}" for v in own)
        lines.append(f"  {column}: {count} not {own[0].allowed} ({shown})")
    return "\n".join(lines)
