"""Assertions whose messages name the values and the file to inspect."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def require_same(found: np.ndarray, expected: np.ndarray, message: str) -> None:
    """Require that two arrays are equal, NaN included; report the first row that differs."""
    assert found.shape == expected.shape, f"{message}: shape {found.shape}, not {expected.shape}"
    same = (found == expected) | ((found != found) & (expected != expected))
    differing = np.flatnonzero(~same.all(axis=tuple(range(1, same.ndim))))
    for row in differing[:1]:
        raise AssertionError(f"{message}: row {row} gives {found[row]}, not {expected[row]}")


def require_same_features(
    found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray], message: str
) -> None:
    """Require that two sets of features are equal; report the first feature that differs."""
    assert list(found) == list(expected), f"{message}: {list(found)}, not {list(expected)}"
    for name, values in expected.items():
        require_same(np.asarray(found[name]), np.asarray(values), f"{message}, feature {name}")


def listed(values: Sequence[Any], limit: int = 5) -> str:
    """Join the first values for a message, with the number of the others."""
    more = f" and {len(values) - limit} more" if len(values) > limit else ""
    return ", ".join(map(str, values[:limit])) + more
