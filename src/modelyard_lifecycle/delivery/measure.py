"""The four metrics over a window, with their parts for machine learning."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from . import bands
from .failures import failure, falls
from .history import Deployment, History
from .incidents import CANARY, Incident, incidents
from .lead_time import lead_times, medians, parts

FEWEST = 5  # events, below which no figure is given
DAY = bands.DAY


@dataclass(frozen=True)
class Metric:
    """A metric: value and band, None and empty if there are fewer than five events.

    Attributes:
        name: of the metric.
        unit: `a day`, `seconds` or `share`.
        count: events from which it is computed.
        details: figures of its parts, as text by name.
    """

    name: str
    unit: str
    count: int
    value: float | None
    band: str
    details: dict[str, float | int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """The metrics of a window, what they were computed from, and the incidents that are open."""

    since: datetime
    until: datetime
    metrics: list[Metric]
    deployments: list[tuple[Deployment, str]]
    incidents: list[Incident]
    open: list[Incident]


def measure(history: History, since: datetime, until: datetime) -> Delivery:
    """Compute the metrics from what happened from `since` until before `until`."""
    known = incidents(history)
    inside = [(one, failure(one, history, known)) for one in history.deployments]
    inside = [(one, why) for one, why in inside if since <= one.served < until]
    found = [one for one in known if since <= one.opened < until]
    deployed = [one for one, _ in inside]
    metrics = [
        frequency(deployed, (until - since).total_seconds()),
        lead_time(deployed),
        restore_time(found),
        failure_rate(inside, history),
    ]
    left = [one for one in known if one.opened < until and (not one.closed or one.closed >= until)]
    return Delivery(since, until, metrics, inside, found, left)


def middle(values: Sequence[float]) -> float | None:
    """Return the median; None if there are too few values."""
    return median(values) if len(values) >= FEWEST else None


def fraction(part: float, of: int) -> float | None:
    """Return a part as a fraction of events; None if there are too few."""
    return part / of if of >= FEWEST else None


def frequency(deployed: list[Deployment], seconds: float) -> Metric:
    """Return deployments a day; by what changed, by the reasons of trainings, without a person."""
    count = len(deployed)
    value = count / (seconds / DAY) if count >= FEWEST else None
    changed = Counter(kind for one in deployed for kind in one.changed)
    reasons = Counter(reason for one in deployed for reason in reasons_of(one))
    automatic = sum(one.is_automatic for one in deployed)
    share = fraction(automatic, count)
    details = {f"{kind} changed": changed[kind] for kind in ("code", "data", "model")}
    details |= {f"reason {name}": number for name, number in sorted(reasons.items())}
    band = bands.band(DAY / value, bands.SECONDS_BETWEEN) if value else ""
    name = "deployment frequency"
    return Metric(name, "a day", count, value, band, {**details, "share without a person": share})


def reasons_of(deployment: Deployment) -> Iterable[str]:
    """Return why the pipeline ran; `manual` if a person ran it."""
    return dict.fromkeys(deployment.training.reasons) if deployment.training else ("manual",)


def lead_time(deployed: list[Deployment]) -> Metric:
    """Return the median time from a commit to serving, and the medians of its parts."""
    ages = [age for one in deployed for age in lead_times(one)]
    split = [found for one in deployed if (found := parts(one))]
    value = middle(ages)
    details: dict[str, float | int | None] = {}
    if len(split) >= FEWEST:
        details |= medians(split)
    details["promotions by a person"] = sum(not one.is_automatic for one in deployed)
    band = bands.band(value, bands.LEAD_TIME) if value is not None else ""
    return Metric("lead time for changes", "seconds", len(ages), value, band, details)


def restore_time(found: list[Incident]) -> Metric:
    """Return the median time from an incident to its verified end, by the way it ended."""
    times: dict[str, list[float]] = {"rollback": [], "retraining": [], "other": []}
    for one in found:
        if one.closed and one.rule != CANARY:
            times[one.recovery].append((one.closed - one.opened).total_seconds())
    all_times = [time for some in times.values() for time in some]
    value = middle(all_times)
    details: dict[str, float | int | None] = {}
    for name, some in times.items():
        details[f"by {name}"] = middle(some)
        details[f"by {name}, incidents"] = len(some)
    band = bands.band(value, bands.RESTORE) if value is not None else ""
    return Metric("time to restore", "seconds", len(all_times), value, band, details)


def failure_rate(inside: list[tuple[Deployment, str]], history: History) -> Metric:
    """Return the share of deployments that failed, and the largest fall of each metric."""
    count = len(inside)
    reasons = Counter(why for _, why in inside if why)
    value = fraction(reasons.total(), count)
    by_name = {one.version.name: one.version for one in history.deployments}
    pairs = [(by_name[one.before], one.version) for one, _ in inside if one.before in by_name]
    worst: dict[str, list[float]] = {}
    for old, new in pairs:
        for name, fall in falls(
            old.manifest.get("metrics", {}), new.manifest.get("metrics", {})
        ).items():
            worst.setdefault(name, []).append(fall)
    details: dict[str, float | int | None] = {why: reasons[why] for why in sorted(reasons)}
    details |= {f"largest fall of {name}": max(some) for name, some in sorted(worst.items())}
    band = bands.band(value, bands.FAILURES) if value is not None else ""
    return Metric("change failure rate", "share", count, value, band, details)
