"""Column statistics of the training rows, the reference for monitoring."""

from typing import Any

import numpy as np

from ..schema.columns import Category, Number, Rows
from ..schema.contract import Schema

MIN_TIES = 5  # fewer equal values are chance


def describe(rows: Rows, schema: Schema, bins: int) -> dict[str, Any]:
    """Compute the statistics of number and category columns.

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
        if isinstance(column, Number):
            described[column.name] = describe_number(rows[column.name], bins)
        elif isinstance(column, Category):
            described[column.name] = describe_category(rows[column.name], column.values)
    return described


def describe_number(values: np.ndarray, bins: int) -> dict[str, Any]:
    """Compute the statistics of a number column."""
    present = values[np.isfinite(values)]
    missing = 1 - len(present) / len(values)
    if not len(present):
        return {"missing": missing, "mean": None, "std": None, "edges": [], "shares": []}
    quantiles = np.quantile(present, np.linspace(0, 1, bins + 1)[1:-1])
    edges = np.unique([*quantiles, *edges_of_ties(present, bins)])
    counts = np.bincount(np.searchsorted(edges, present, side="left"), minlength=len(edges) + 1)
    return {
        "missing": missing,
        "mean": float(present.mean()),
        "std": float(present.std()),
        "edges": edges.tolist(),
        "shares": (counts / len(present)).tolist(),
    }


def edges_of_ties(present: np.ndarray, bins: int) -> np.ndarray:
    """Return both edges of each value that alone fills a bin, so that it has one of its own.

    The lower edge is the number before it, as a bin contains its upper edge but not its lower one.
    """
    values, counts = np.unique(present, return_counts=True)
    often = values[(counts * bins >= len(present)) & (counts >= MIN_TIES)]
    return np.concatenate([np.nextafter(often, -np.inf), often])


def describe_category(values: np.ndarray, known: tuple[str, ...]) -> dict[str, Any]:
    """Compute the statistics of a category column."""
    present = values[values != ""]
    shares = {name: float((present == name).sum() / max(len(present), 1)) for name in known}
    others = max(0.0, 1 - sum(shares.values())) if len(present) else 0.0
    return {"missing": 1 - len(present) / len(values), "shares": shares, "others": others}
