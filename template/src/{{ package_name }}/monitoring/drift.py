"""How far rows and scores have moved since the model was made.

The measure is the population stability index, the sum over bins of (found - expected) *
ln(found / expected): N. Siddiqi, "Credit Risk Scorecards", Wiley 2006, where 0.1 is a small and
0.25 a large shift. Of rows that did not shift at all it is about (bins - 1) / rows (B. Yurdakul,
"Statistical Properties of Population Stability Index", 2018), which is why few rows say nothing.
"""

from typing import Any

import numpy as np

from ..columns import Rows
from ..params import Monitoring
from .finding import Finding

LEAST_SHARE = 1e-4  # of an empty bin, whose logarithm would be infinite


def psi(expected: np.ndarray, found: np.ndarray) -> float:
    """Give the population stability index of two sets of shares over the same bins."""
    before, now = np.maximum(expected, LEAST_SHARE), np.maximum(found, LEAST_SHARE)
    return float(np.sum((now - before) * np.log(now / before)))


def shifts(rows: Rows, described: dict[str, Any]) -> dict[str, float]:
    """Give the index of each column that was described.

    Args:
        rows: column to array of n values, n at least 1.
        described: what `features.statistics` says of the columns then.
    """
    return {name: shift(rows[name], then) for name, then in described.items()}


def shift(values: np.ndarray, then: dict[str, Any]) -> float:
    """Give the index of a column, with its missing and unknown values as bins of their own."""
    numeric = "edges" in then
    present = values[np.isfinite(values)] if numeric else values[values != ""]
    known = [*(then["shares"] or [0.0])] if numeric else [*then["shares"].values(), then["others"]]
    expected = np.array([*(np.array(known) * (1 - then["missing"])), then["missing"]])
    places = binned(present, then) if numeric else named(present, [*then["shares"]])
    counts = np.bincount(places, minlength=len(known)).tolist()
    return psi(expected, np.array([*counts, len(values) - len(present)]) / len(values))


def binned(present: np.ndarray, then: dict[str, Any]) -> np.ndarray:
    """Give the bin of each number, as `features.statistics` counts them."""
    return np.searchsorted(then["edges"], present, side="left")


def named(present: np.ndarray, known: list[str]) -> np.ndarray:
    """Give the place of each category among the known, the place after them for any other."""
    places = np.full(len(present), len(known))
    for place, name in enumerate(known):
        places[present == name] = place
    return places


def find_drift(indices: dict[str, float], rows: int, limits: Monitoring) -> Finding:
    """Say which columns and scores have drifted.

    Args:
        indices: column or score to its population stability index.
        rows: how many rows it is of.
        limits: the section of `params.yaml`.
    """
    if rows < limits.min_rows:
        few = f"{rows:,} rows were recorded, min_rows is {limits.min_rows:,}"
        return Finding("drift", "unknown", few)
    moved = {name: value for name, value in indices.items() if value > limits.max_psi}
    if not moved:
        worst = max(indices, key=indices.__getitem__)
        least = f"{worst} moved most, by {indices[worst]:.2f} of {limits.max_psi:g} allowed"
        return Finding("drift", "fine", least)
    shown = sorted(moved, key=moved.__getitem__, reverse=True)
    listed = ", ".join(f"{name} {moved[name]:.2f}" for name in shown)
    return Finding("drift", "bad", f"{listed} (max_psi is {limits.max_psi:g})")
