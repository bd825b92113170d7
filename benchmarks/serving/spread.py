"""Summary of repeated measurements."""

from collections.abc import Iterable
from statistics import median


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return median, lowest and highest value, with four digits."""
    ordered = sorted(values)
    named = {"median": median(ordered), "low": ordered[0], "high": ordered[-1]}
    return {name: float(f"{value:.4g}") for name, value in named.items()}
