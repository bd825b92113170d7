"""Column statistics of the training rows, the reference for monitoring."""

from typing import Any

import numpy as np

from ..schema.columns import Category, Number, Rows
from ..schema.contract import Schema

MIN_TIES = 5  # fewer equal numbers are chance
SAME = 1e-6  # a relative difference that float32 may make


def describe(rows: Rows, schema: Schema, bins: int) -> dict[str, Any]:
    """Compute the statistics of number and category columns, without the key.

    Args:
        rows: the training rows.
        schema: the types of the columns.
        bins: number of quantile bins of a number column; a value that alone fills one has its own.

    Returns:
        Column name to the share of missing values and, for a number, mean, standard deviation,
        inner bin edges and the share of values in each bin; for a category, the share of each known
        value and of all others.
    """
    described: dict[str, Any] = {}
    for column in schema.columns:
        if column.name == schema.key:
            continue  # identifies a row, also if it is a number
        if isinstance(column, Number):
            described[column.name] = describe_number(rows[column.name], bins)
        elif isinstance(column, Category):
            described[column.name] = describe_category(rows[column.name], column.values)
    return described


def describe_number(values: np.ndarray, bins: int) -> dict[str, Any]:
    """Compute the statistics of a number column; a bin contains its upper edge."""
    present = values[np.isfinite(values)]
    missing = 1 - len(present) / len(values)
    if not len(present):
        return {"missing": missing, "mean": None, "std": None, "edges": [], "shares": []}
    quantiles = np.quantile(present, np.linspace(0, 1, bins + 1)[1:-1])
    numbers, counts = np.unique(present, return_counts=True)
    ties = numbers[counts >= max(len(present) / bins, MIN_TIES)]
    low, high = ties - np.abs(ties) * SAME, ties + np.abs(ties) * SAME
    apart = [one for one in quantiles if not ((low <= one) & (one <= high)).any()]
    edges = np.unique([*apart, *np.nextafter(low, -np.inf), *high])
    counts = np.bincount(np.searchsorted(edges, present, side="left"), minlength=len(edges) + 1)
    return {
        "missing": missing,
        "mean": float(present.mean()),
        "std": float(present.std()),
        "edges": edges.tolist(),
        "shares": (counts / len(present)).tolist(),
    }


def describe_category(values: np.ndarray, known: tuple[str, ...]) -> dict[str, Any]:
    """Compute the statistics of a category column."""
    present = values[values != ""]
    shares = {name: float((present == name).sum() / max(len(present), 1)) for name in known}
    others = max(0.0, 1 - sum(shares.values())) if len(present) else 0.0
    return {"missing": 1 - len(present) / len(values), "shares": shares, "others": others}
