"""Requests that are refused, and how the answer says why."""

import json
from collections.abc import Sequence
from typing import Any

from ..data.faults import Fault

MOST_FAULTS = 100
MOST_CHARACTERS = 200


class Refusal(Exception):
    """A request that gets an error as its answer.

    Args:
        status: the HTTP status, from 400.
        error: what is wrong and what is allowed, in one sentence.
        faults: the broken rules, if rows break the schema.
    """

    def __init__(self, status: int, error: str, faults: Sequence[Fault] = ()) -> None:
        """Keep what the answer needs."""
        super().__init__(error)
        self.status, self.error, self.faults = status, error, faults

    def body(self) -> dict[str, Any]:
        """Give the answer's body; of many faults the first ones."""
        if not self.faults:
            return {"error": self.error}
        shown = [fault._replace(found=short(fault.found)) for fault in self.faults[:MOST_FAULTS]]
        body = {"error": self.error, "faults": [fault._asdict() for fault in shown]}
        more = len(self.faults) - len(shown)
        return body | {"more_faults": more} if more else body


def short(value: Any) -> Any:
    """Give a value as JSON can show it: long ones cut, NaN and infinity as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"
