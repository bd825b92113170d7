"""Figures as text."""

from .bands import DAY, HOUR
from .measure import FEWEST, Metric

MINUTE = 60.0


def shown(metric: Metric) -> str:
    """Return the value of a metric as text; `not enough` below five events."""
    if metric.value is None:
        return f"not enough ({metric.count} of {FEWEST})"
    return figure(metric.value, metric.unit)


def figure(value: float, unit: str) -> str:
    """Return a figure with its unit."""
    if unit == "seconds":
        return duration(value)
    return share(value) if unit == "share" else rate(value)


def duration(seconds: float) -> str:
    """Return a duration in the largest unit of which there is at least one."""
    for size, unit in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


def rate(per_day: float) -> str:
    """Return a number a day, a week or a month, whichever is at least one."""
    for days, unit in ((1, "day"), (7, "week")):
        if per_day * days >= 1:
            return f"{per_day * days:.1f} a {unit}"
    return f"{per_day * 30:.1f} a month"


def share(value: float) -> str:
    """Return a share in percent."""
    return f"{value:.0%}"


def detail(name: str, value: float | int | None, unit: str) -> str:
    """Return a figure of a metric's parts: a count, a share, or in the metric's unit."""
    if value is None:
        return "not enough"
    if isinstance(value, int):
        return str(value)
    if name.startswith("share"):
        return share(value)
    return f"{value:.4f}" if name.startswith("largest fall") else figure(value, unit)
