"""One demand on the candidate, and what came of it."""

from dataclasses import dataclass
from typing import Literal, Self

Outcome = Literal["ok", "FAILED", "insufficient data", "not comparable"]


@dataclass(frozen=True)
class Check:
    """One demand on the candidate: what was measured, what was asked, and what came of it.

    Args:
        name: what is asked of what.
        outcome: only `ok` is a pass; `not comparable` is said, and refuses nothing.
        value: what was measured; None if nothing could be.
        limit: what was asked.
        note: why nothing could be measured.
        demanded: whether insufficient data refuses the candidate.
        steady: whether the same candidate gives the same value again; a time does not.
    """

    name: str
    outcome: Outcome
    value: float | None = None
    limit: float | None = None
    note: str = ""
    demanded: bool = True
    steady: bool = True

    @classmethod
    def of(cls, name: str, value: float, limit: float, holds: bool, *, steady: bool = True) -> Self:
        """Make the check of a measured value."""
        return cls(name, "ok" if holds else "FAILED", value, limit, steady=steady)

    @property
    def passed(self) -> bool:
        """Whether it was measured and holds."""
        return self.outcome == "ok"

    @property
    def refuses(self) -> bool:
        """Whether the candidate is refused by it."""
        return self.outcome == "FAILED" or (self.outcome == "insufficient data" and self.demanded)

    def __str__(self) -> str:
        """Say it in one line."""
        said = self.note or f"{figure(self.value)}, asked {figure(self.limit)}"
        return f"{self.outcome:<6} {self.name}: {said}"


def figure(value: float | None) -> str:
    """Write a number: counts whole, all else with four digits after the point."""
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
