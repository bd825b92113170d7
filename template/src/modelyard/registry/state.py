"""What follows from a registry's events: what serves, what served before, what is quarantined."""

from collections.abc import Iterable

from .events import Event, Refused

FIRST = "v0.1.0"


def served(events: Iterable[Event], stage: str) -> list[str]:
    """List the versions that a rollback would find, the one in service last.

    A promotion puts a version on top, a rollback takes versions off until its own is on top: two
    rollbacks in a row go back twice, and never forth to the version that was given up.

    Args:
        events: in the order of their numbers.
        stage: such as prod.
    """
    stack: list[str] = []
    for event in (one for one in events if one.stage == stage):
        if event.action == "rollback" and event.version in stack:
            del stack[stack.index(event.version) + 1 :]
        elif stack[-1:] != [event.version]:
            stack.append(event.version)
    return stack


def in_service(events: Iterable[Event]) -> dict[str, str]:
    """Give each stage's version."""
    return {event.stage: event.version for event in events if event.stage}


def quarantined(events: Iterable[Event]) -> dict[str, str]:
    """Give the quarantined versions, each with the reason."""
    return {event.version: event.why for event in events if event.action == "quarantine"}


def before(events: list[Event], stage: str) -> str:
    """Name the version to go back to: the one that served last and is not quarantined.

    Raises:
        Refused: there is none.
    """
    stack, barred = served(events, stage), quarantined(events)
    if not stack:
        raise Refused(f"nothing serves {stage} yet; promote a version first")
    good = [name for name in stack[:-1] if name not in barred and name != stack[-1]]
    if not good:
        raise Refused(
            f"no version to go back to: {stack[-1]} is the only one that served {stage} "
            "and is not quarantined; promote another one"
        )
    return good[-1]


def next_number(events: Iterable[Event]) -> int:
    """Give the number of the next event."""
    return max((event.number for event in events), default=0) + 1


def next_version(names: Iterable[str]) -> str:
    """Give the version after the greatest one, by one minor step."""
    from gto.versions import SemVer  # here, as GTO takes half a second

    known = [SemVer(name) for name in names]
    return str(max(known).bump_minor().version) if known else FIRST
