"""What is wrong with a row, said the same way wherever rows are checked."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

ROW = "an object with a value for each column"
MOST_CHARACTERS = 200
GREATEST = 1e300
TWICE = "named more than once"


class Fault(NamedTuple):
    """A broken rule: in which row (from 0), which column, the value found, what is allowed."""

    row: int
    column: str
    found: Any
    allowed: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"row {self.row}: {self.column} is {self.found!r}, allowed is {self.allowed}"


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON's pairs, in which a repeated name has what no column may hold."""
    made = dict(pairs)
    if len(made) < len(pairs):
        values: dict[str, list[Any]] = {name: [] for name in made}
        for name, value in pairs:
            values[name].append(value)
        made |= {name: {TWICE: found} for name, found in values.items() if len(found) > 1}
    return made


def short(value: Any) -> Any:
    """Give a value as JSON can show it: long ones cut, NaN and infinity as text."""
    if value is None or (isinstance(value, int | float) and abs(value) < GREATEST):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else compact(value)
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"


def compact(value: Any) -> str:
    """Give a list, an object or a very great whole number as JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def broken_rows(faults: Iterable[Fault]) -> list[int]:
    """List the rows with at least one fault, in order."""
    return sorted({fault.row for fault in faults})


def summary(faults: list[Fault], examples: int = 3) -> str:
    """Say for each column how many values break its rule, and show the first ones."""
    counts = Counter(fault.column for fault in faults)
    lines = []
    for column, count in counts.most_common():
        own = [fault for fault in faults if fault.column == column][:examples]
        shown = ", ".join(f"row {fault.row}: {fault.found!r}" for fault in own)
        lines.append(f"  {column}: {count} not {own[0].allowed} ({shown})")
    return "\n".join(lines)
