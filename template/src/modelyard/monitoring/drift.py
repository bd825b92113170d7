"""Drift of columns and scores since training.

Drift is measured by the population stability index (PSI), the sum over bins of (found - expected) *
ln(found / expected): N. Siddiqi, "Credit Risk Scorecards", Wiley 2006, where 0.1 is a small and
0.25 a large shift. It is positive even for samples of one distribution: divided by 1 / rows before
+ 1 / rows now it follows a chi-square distribution with bins - 1 degrees of freedom (B. Yurdakul,
"Statistical Properties of Population Stability Index", 2018), whose 99.9 % quantile is tolerated.
"""

from typing import Any, NamedTuple

import numpy as np

from ..params_operation import Monitoring
from ..schema.columns import Rows
from .findings import Finding

MIN_SHARE = 1e-4  # share of an empty bin, whose logarithm would be infinite


class Shift(NamedTuple):
    """A PSI, and the PSI that chance alone exceeds once in 1,000 times."""

    psi: float
    chance: float

    def limit(self, max_psi: float) -> float:
        """Return the PSI above which a column has drifted."""
        return max(max_psi, self.chance)


def psi(expected: np.ndarray, found: np.ndarray) -> float:
    """Return the population stability index of two distributions over the same bins."""
    before, now = np.maximum(expected, MIN_SHARE), np.maximum(found, MIN_SHARE)
    return float(np.sum((now - before) * np.log(now / before)))


def chance(bins: int, before: int, now: int) -> float:
    """Return the PSI that samples of one distribution exceed once in 1,000 times."""
    from scipy.special import chdtri  # imported here, as many commands need no drift

    quantile = chdtri(bins - 1, 0.001)
    return float(quantile * (1 / before + 1 / now))


def shifts(rows: Rows, reference: dict[str, Any], before: int) -> dict[str, Shift]:
    """Return the shift of each column of a reference that was made of `before` rows."""
    return {name: shift(rows[name], column, before) for name, column in reference.items()}


def shift(values: np.ndarray, column: dict[str, Any], before: int) -> Shift:
    """Return the shift of a column; missing and unknown values have bins of their own."""
    numeric, missing, shares = "edges" in column, column["missing"], column["shares"]
    present = values[np.isfinite(values)] if numeric else values[values != ""]
    known = [*(shares or [0.0])] if numeric else [*shares.values(), column["others"]]
    expected = np.array([*(np.array(known) * (1 - missing)), missing])
    if numeric:  # as counted by `features.statistics`
        bins = np.searchsorted(column["edges"], present, side="left")
    else:
        bins = np.full(len(present), len(shares))
        for index, name in enumerate(shares):
            bins[present == name] = index
    counts = np.bincount(bins, minlength=len(known)).tolist()
    found = np.array([*counts, len(values) - len(present)]) / len(values)
    return Shift(psi(expected, found), chance(len(expected), before, len(values)))


def find_drift(shifts: dict[str, Shift], rows: int, limits: Monitoring) -> Finding:
    """Return the finding on the drift of columns and scores in `rows` recorded rows."""
    if rows < limits.min_rows:
        few = f"{rows:,} rows were recorded, min_rows is {limits.min_rows:,}"
        return Finding("drift", "unknown", few)
    moved = drifted(shifts, limits.max_psi)
    if not moved:
        worst = max(shifts, key=shifts.__getitem__)
        limit = shifts[worst].limit(limits.max_psi)
        greatest = f"greatest PSI: {worst} {shifts[worst].psi:.2f} (limit {limit:.3g})"
        return Finding("drift", "fine", greatest)
    listed = ", ".join(f"{name} {shifts[name].psi:.2f}" for name in moved)
    return Finding("drift", "bad", f"{listed} (max_psi is {limits.max_psi:g})")


def drifted(shifts: dict[str, Shift], max_psi: float) -> list[str]:
    """Return the columns and scores that have drifted, greatest PSI first."""
    ordered = sorted(shifts, key=shifts.__getitem__, reverse=True)
    return [name for name in ordered if shifts[name].psi > shifts[name].limit(max_psi)]
