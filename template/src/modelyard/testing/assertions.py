"""How a check fails: with one sentence that names the values and the file to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def require(holds: Any, message: str) -> None:
    """Raise an AssertionError with this message unless something holds."""
    if not holds:
        raise AssertionError(message)


def require_same(found: np.ndarray, expected: np.ndarray, message: str) -> None:
    """Require two arrays to hold the same values, NaN included; name the first row that differs."""
    require(found.shape == expected.shape, f"{message}: shape {found.shape}, not {expected.shape}")
    same = (found == expected) | ((found != found) & (expected != expected))
    differing = np.flatnonzero(~same.all(axis=tuple(range(1, same.ndim))))
    for row in differing[:1]:
        raise AssertionError(f"{message}: row {row} gives {found[row]}, not {expected[row]}")


def require_same_features(
    found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray], message: str
) -> None:
    """Require two sets of features to hold the same values; name the first feature that differs."""
    require(list(found) == list(expected), f"{message}: {list(found)}, not {list(expected)}")
    for name, values in expected.items():
        require_same(np.asarray(found[name]), np.asarray(values), f"{message}, feature {name}")


def listed(values: Sequence[Any], most: int = 5) -> str:
    """List the first values of many for a message."""
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(map(str, values[:most])) + more
