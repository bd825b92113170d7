"""Incidents: opened by a rule, closed by a verified recovery."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .history import PROD, Event, History, Verdict

INCIDENT = 20  # exit code of monitor and canary
MONITOR, CANARY, ROLLBACK = "monitor", "canary", "rollback"
Moment = tuple[datetime, str, bool]  # when, the rule, and whether it is bad


class Incident(NamedTuple):
    """An incident.

    Attributes:
        rule: what opened it: `monitor` and `canary` ended with exit code 20, or a `rollback`.
        opened: when.
        closed: when the monitor, or for a canary the next one, found nothing; None if it is open.
        recovery: `rollback`, `retraining` (a promotion) or `other` way; empty if it is open.
        version: the version that served prod when it was opened; for a rollback, the one before.
    """

    rule: str
    opened: datetime
    closed: datetime | None
    recovery: str
    version: str


def incidents(history: History) -> list[Incident]:
    """Return all incidents in the order of their beginning.

    A monitor with exit code 20, or a rollback, opens one unless one is open; the next monitor with
    another code closes it. A canary with exit code 20 opens one of its own, which the next canary
    with another code or the next promotion closes: users have not seen that candidate.
    """
    prod = [one for one in history.events if one.stage == PROD]
    monitors = [one for one in history.verdicts if one.check == MONITOR]
    canaries = [one for one in history.verdicts if one.check.split()[0] == CANARY]
    back = [(one.when, ROLLBACK, True) for one in prod if one.action == ROLLBACK]
    replaced = [(one.when, CANARY, False) for one in prod if one.action == "promote"]
    found = [
        *spans([*verdicts(monitors, MONITOR), *back], prod),
        *spans([*verdicts(canaries, CANARY), *replaced], prod),
    ]
    return sorted(found, key=lambda one: one.opened)


def verdicts(ended: Iterable[Verdict], rule: str) -> list[Moment]:
    """Return the moments of verdicts; a command that failed has none."""
    return [(one.when, rule, one.code == INCIDENT) for one in ended if one.code != 1]


def spans(moments: Iterable[Moment], prod: list[Event]) -> list[Incident]:
    """Return the incidents that bad moments open, unless one is open, and good ones close."""
    opened: tuple[str, datetime] | None = None
    found: list[Incident] = []
    for when, rule, bad in sorted(moments):
        if bad:
            opened = opened or (rule, when)
        elif opened:
            found.append(closed(*opened, when, prod))
            opened = None
    if opened:
        rule, since = opened
        found.append(Incident(rule, since, None, "", serving(prod, since, rule)))
    return found


def closed(rule: str, opened: datetime, end: datetime, prod: list[Event]) -> Incident:
    """Return a closed incident with the way it was closed; no version helps a candidate."""
    between = {one.action for one in prod if opened <= one.when <= end and rule != CANARY}
    recovery = "rollback" if ROLLBACK in between else "retraining" if between else "other"
    return Incident(rule, opened, end, recovery, serving(prod, opened, rule))


def serving(prod: list[Event], when: datetime, rule: str) -> str:
    """Return the version that served prod at a time; for a rollback, just before it."""
    before = [one for one in prod if one.when < when or (rule != ROLLBACK and one.when == when)]
    return before[-1].version if before else ""
