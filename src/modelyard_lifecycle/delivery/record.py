"""The delivery metrics as JSON-serializable values."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from .bands import YEAR
from .incidents import Incident
from .measure import Delivery


def record(name: str, found: Delivery) -> dict[str, Any]:
    """Return the metrics, deployments and incidents of a window.

    Durations are in seconds, frequencies per day, shares from 0 to 1; a value is null below five
    events.
    """
    return {
        "project": name,
        "since": time(found.since),
        "until": time(found.until),
        "bands": YEAR,
        "metrics": [asdict(one) for one in found.metrics],
        "deployments": [
            {
                "version": one.version.name,
                "promoted": time(one.promoted),
                "served": time(one.served),
                "by": one.by,
                "commits": len(one.commits),
                "changed": sorted(one.changed),
                "failure": why,
            }
            for one, why in found.deployments
        ],
        "incidents": [incident(one) for one in found.incidents],
        "open": [incident(one) for one in found.open],
    }


def incident(one: Incident) -> dict[str, Any]:
    """Return an incident with its times as text."""
    closed = time(one.closed) if one.closed else None
    return one._asdict() | {"opened": time(one.opened), "closed": closed}


def time(when: datetime) -> str:
    """Return a time in UTC, to the second."""
    return when.isoformat(timespec="seconds")
