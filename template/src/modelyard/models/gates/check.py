"""Result of one check of the gate."""

from dataclasses import dataclass
from typing import Literal, Self

Outcome = Literal["ok", "FAILED", "insufficient data", "not comparable"]


@dataclass(frozen=True)
class Check:
    """Result of one check: measured value, limit and outcome.

    Args:
        name: name of the check.
        outcome: only `ok` passes; `not comparable` is reported without refusing the candidate.
        value: the measured value; None if there is none.
        limit: the required limit.
        note: why there is no measured value.
        required: whether insufficient data refuses the candidate.
        stable: whether the value is reproducible for the same candidate; latency is not.
    """

    name: str
    outcome: Outcome
    value: float | None = None
    limit: float | None = None
    note: str = ""
    required: bool = True
    stable: bool = True

    @classmethod
    def of(cls, name: str, value: float, limit: float, holds: bool, *, stable: bool = True) -> Self:
        """Create the check of a measured value."""
        return cls(name, "ok" if holds else "FAILED", value, limit, stable=stable)

    @property
    def passed(self) -> bool:
        """Whether the value was measured and meets the limit."""
        return self.outcome == "ok"

    @property
    def refuses(self) -> bool:
        """Whether the check refuses the candidate."""
        return self.outcome == "FAILED" or (self.outcome == "insufficient data" and self.required)

    def __str__(self) -> str:
        """Return the result as one line."""
        result = self.note or f"{format_value(self.value)}, limit {format_value(self.limit)}"
        return f"{self.outcome:<6} {self.name}: {result}"


def format_value(value: float | None) -> str:
    """Format a number: counts as integers, all others with four decimals."""
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
