"""Many measurements as three numbers."""

from collections.abc import Iterable
from statistics import median


def spread(values: Iterable[float]) -> dict[str, float]:
    """Give median, lowest and highest, four digits each."""
    ordered = sorted(values)
    named = {"median": median(ordered), "low": ordered[0], "high": ordered[-1]}
    return {name: float(f"{value:.4g}") for name, value in named.items()}
