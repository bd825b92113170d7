"""The result of checking one rule of a policy."""

from dataclasses import dataclass

KEPT, BROKEN, UNKNOWN = "kept", "broken", "not known"


@dataclass(frozen=True)
class Finding:
    """A rule, the value found, the allowed values and the verdict.

    Attributes:
        verdict: "kept", "broken", or "not known", which does not count as kept.
    """

    rule: str
    found: str
    allowed: str
    verdict: str


def finding(rule: str, found: str, allowed: str, kept: bool | None) -> Finding:
    """Return a finding; `kept` is None if the rule could not be checked."""
    verdict = UNKNOWN if kept is None else KEPT if kept else BROKEN
    return Finding(rule, found, allowed, verdict)


def any_of(names: list[str]) -> str:
    """Return allowed values as one text."""
    return " | ".join(names)
