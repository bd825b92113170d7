"""How far rows and scores have moved since the model was made.

The measure is the population stability index, the sum over bins of (found - expected) *
ln(found / expected): N. Siddiqi, "Credit Risk Scorecards", Wiley 2006, where 0.1 is a small and
0.25 a large shift. It is not 0 for rows that did not shift at all: over 1 / rows then + 1 / rows
now it is distributed as chi-square with bins - 1 degrees of freedom (B. Yurdakul, "Statistical
Properties of Population Stability Index", 2018), so that what chance can do is left out of account.
"""

from typing import Any, NamedTuple

import numpy as np

from ..schema.columns import Rows
from .findings import Finding
from .params import Monitoring

LEAST_SHARE = 1e-4  # of an empty bin, whose logarithm would be infinite
DEVIATIONS = 3.09  # of a normal distribution: 1 in 1,000 lies beyond


class Shift(NamedTuple):
    """A population stability index, and the one that chance exceeds once in 1,000 times."""

    psi: float
    chance: float

    def limit(self, greatest: float) -> float:
        """Give the index from which on a column has drifted, where `greatest` is allowed."""
        return max(greatest, self.chance)


def psi(expected: np.ndarray, found: np.ndarray) -> float:
    """Give the population stability index of two sets of shares over the same bins."""
    before, now = np.maximum(expected, LEAST_SHARE), np.maximum(found, LEAST_SHARE)
    return float(np.sum((now - before) * np.log(now / before)))


def chance(bins: int, before: int, now: int) -> float:
    """Give the index that so many rows exceed by chance once in 1,000 times.

    The quantile of chi-square is that of E. B. Wilson and M. M. Hilferty, 1931.
    """
    freedom = bins - 1
    quantile = freedom * (1 - 2 / (9 * freedom) + DEVIATIONS * (2 / (9 * freedom)) ** 0.5) ** 3
    return float(quantile * (1 / before + 1 / now))


def shifts(rows: Rows, described: dict[str, Any], before: int) -> dict[str, Shift]:
    """Say how far each column that was described has moved.

    Args:
        rows: column to array of n values, n at least 1.
        described: what `features.statistics` says of the columns then.
        before: how many rows it was said of.
    """
    return {name: shift(rows[name], then, before) for name, then in described.items()}


def shift(values: np.ndarray, then: dict[str, Any], before: int) -> Shift:
    """Say how far a column has moved; missing and unknown values are bins of their own."""
    numeric = "edges" in then
    present = values[np.isfinite(values)] if numeric else values[values != ""]
    known = [*(then["shares"] or [0.0])] if numeric else [*then["shares"].values(), then["others"]]
    expected = np.array([*(np.array(known) * (1 - then["missing"])), then["missing"]])
    places = binned(present, then) if numeric else named(present, [*then["shares"]])
    counts = np.bincount(places, minlength=len(known)).tolist()
    found = np.array([*counts, len(values) - len(present)]) / len(values)
    return Shift(psi(expected, found), chance(len(expected), before, len(values)))


def binned(present: np.ndarray, then: dict[str, Any]) -> np.ndarray:
    """Give the bin of each number, as `features.statistics` counts them."""
    return np.searchsorted(then["edges"], present, side="left")


def named(present: np.ndarray, known: list[str]) -> np.ndarray:
    """Give the place of each category among the known, the place after them for any other."""
    places = np.full(len(present), len(known))
    for place, name in enumerate(known):
        places[present == name] = place
    return places


def find_drift(shifts: dict[str, Shift], rows: int, limits: Monitoring) -> Finding:
    """Say which columns and scores have drifted.

    Args:
        shifts: column or score to how far it has moved.
        rows: how many rows it is of.
        limits: the section of `params.yaml`.
    """
    if rows < limits.min_rows:
        few = f"{rows:,} rows were recorded, min_rows is {limits.min_rows:,}"
        return Finding("drift", "unknown", few)
    moved = drifted(shifts, limits.max_psi)
    if not moved:
        worst = max(shifts, key=shifts.__getitem__)
        allowed = shifts[worst].limit(limits.max_psi)
        least = f"{worst} moved most, by {shifts[worst].psi:.2f} of {allowed:.3g} allowed"
        return Finding("drift", "fine", least)
    listed = ", ".join(f"{name} {shifts[name].psi:.2f}" for name in moved)
    return Finding("drift", "bad", f"{listed} (max_psi is {limits.max_psi:g})")


def drifted(shifts: dict[str, Shift], greatest: float) -> list[str]:
    """Name what has moved further than is allowed and than chance can do, the furthest first."""
    ordered = sorted(shifts, key=shifts.__getitem__, reverse=True)
    return [name for name in ordered if shifts[name].psi > shifts[name].limit(greatest)]
