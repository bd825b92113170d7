"""What was found of one rule."""

from dataclasses import dataclass

KEPT, BROKEN, UNKNOWN = "kept", "broken", "not known"


@dataclass(frozen=True)
class Finding:
    """A rule, what was found, what is allowed, and whether it is kept.

    Attributes:
        verdict: kept, broken, or not known, which is no pass.
    """

    rule: str
    found: str
    allowed: str
    verdict: str


def finding(rule: str, found: str, allowed: str, kept: bool | None) -> Finding:
    """Return a finding; None says that it cannot be known."""
    verdict = UNKNOWN if kept is None else KEPT if kept else BROKEN
    return Finding(rule, found, allowed, verdict)


def any_of(names: list[str]) -> str:
    """Return what is allowed as a text."""
    return " | ".join(names)
