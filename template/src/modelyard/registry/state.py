"""State derived from a registry's events: serving versions, history, quarantine."""

from collections.abc import Iterable

from .backend import DELIVERED, Event, Refused

FIRST = "v0.1.0"


def serving_history(events: Iterable[Event], stage: str) -> list[str]:
    """Return the versions that have served a stage, the newest last, without rolled-back ones.

    The history is a stack: a promotion pushes a version, a rollback pops down to its own. So two
    rollbacks in a row go back two versions.
    """
    stack: list[str] = []
    for event in (one for one in events if one.stage == stage):
        if event.action == "rollback" and event.version in stack:
            del stack[stack.index(event.version) + 1 :]
        elif stack[-1:] != [event.version]:
            stack.append(event.version)
    return stack


def serving_versions(events: Iterable[Event]) -> dict[str, str]:
    """Return the serving version of each stage."""
    return {one.stage: one.version for one in events if one.stage not in ("", DELIVERED)}


def delivery(events: Iterable[Event], version: str = "") -> Event | None:
    """Return the last delivery, or that of a version; None if there is none."""
    found = [one for one in events if one.stage == DELIVERED and version in ("", one.version)]
    return found[-1] if found else None


def quarantined(events: Iterable[Event]) -> dict[str, str]:
    """Return the reason of each quarantined version."""
    return {event.version: event.why for event in events if event.action == "quarantine"}


def previous_version(events: list[Event], stage: str) -> str:
    """Return the target of a rollback: the last earlier version that is not quarantined."""
    history, barred = serving_history(events, stage), quarantined(events)
    if not history:
        raise Refused(f"no version serves {stage} yet; promote one first")
    candidates = [name for name in history[:-1] if name not in barred and name != history[-1]]
    if not candidates:
        raise Refused(
            f"no version to go back to: only {history[-1]} has served {stage} "
            "and is not quarantined; promote another version"
        )
    return candidates[-1]


def next_number(events: Iterable[Event]) -> int:
    """Return the number of the next event."""
    return max((event.number for event in events), default=0) + 1


def next_version(names: Iterable[str]) -> str:
    """Return the greatest version with its minor number increased."""
    from gto.versions import SemVer  # imported here: GTO takes half a second

    known = [SemVer(name) for name in names]
    return str(max(known).bump_minor().version) if known else FIRST
