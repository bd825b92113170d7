"""Histories of projects for the tests, made without git."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from modelyard_lifecycle.delivery.history import (
    PIPELINE,
    PROD,
    Commit,
    Deployment,
    Event,
    History,
    Training,
    Verdict,
    Version,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=365)


def at(hours: float) -> datetime:
    """Return the time some hours after the start."""
    return START + timedelta(hours=hours)


def deployment(number: int, hours: float, commits: Sequence[float] = (), **more: Any) -> Deployment:
    """Return the deployment of version v0.NUMBER.0 at an hour, with commits of some hours."""
    manifest = {"metrics": more.pop("metrics", {})}
    version = Version(
        f"v0.{number}.0", f"{number:040x}", more.pop("registered", at(hours)), manifest
    )
    before = f"v0.{number - 1}.0" if number > 1 else ""
    made = tuple(Commit(f"{number}-{place}", at(one)) for place, one in enumerate(commits))
    served = more.pop("served", at(hours))
    return Deployment(version, before, at(hours), served, more.pop("by", "Ada"), made, **more)


def event(number: int, action: str, version: int, hours: float) -> Event:
    """Return a decision about version v0.VERSION.0 at an hour."""
    stage = "" if action == "quarantine" else PROD
    return Event(number, action, f"v0.{version}.0", stage, "Ada", at(hours))


def history(
    deployments: Sequence[Deployment] = (),
    others: Sequence[tuple[str, int, float]] = (),
    verdicts: Sequence[tuple[str, int, float]] = (),
) -> History:
    """Return the history of deployments, other decisions and verdicts, in order of time."""
    promoted = [("promote", int(one.version.name.split(".")[1]), hours(one)) for one in deployments]
    ordered = sorted([*promoted, *others], key=lambda one: one[2])
    events = [event(number, *one) for number, one in enumerate(ordered, 1)]
    ended = [Verdict(check, code, at(when)) for check, code, when in verdicts]
    return History(list(deployments), events, sorted(ended, key=lambda one: one.when))


def hours(one: Deployment) -> float:
    """Return the hour of a promotion."""
    return (one.promoted - START) / timedelta(hours=1)


def training(hours_: float, seconds: float, *reasons: str) -> Training:
    """Return a run that ended at an hour."""
    return Training(at(hours_), seconds, "", reasons)


__all__ = ["END", "PIPELINE", "START", "at", "deployment", "event", "history", "training"]
