"""The order of the features, and which code makes them."""

import numpy as np

from ..console import UserError
from ..project import Build
from ..schema.columns import Rows
from ..schema.contract import Schema


def names(schema: Schema, build: Build) -> list[str]:
    """Name the features in the order in which models see them."""
    return list(build(Known({column.name: column.to_array([]) for column in schema.columns})))


def matrix(rows: Rows, expected: list[str], build: Build) -> np.ndarray:
    """Make the float32 matrix [n, features] that models read.

    Args:
        rows: column name to array of n values.
        expected: the features in the model's order.
        build: makes the features.

    Raises:
        UserError: `features/build.py` reads a column that is not there, makes other features or
            in another order, or something else than numbers.
    """
    features = build(Known(rows))
    if list(features) != expected:
        raise UserError(f"features/build.py makes {differing(list(features), expected)}")
    table = np.empty((len(expected), len(next(iter(rows.values())))), np.float32)
    try:
        np.concatenate(list(features.values()), out=table.reshape(-1), casting="same_kind")
    except (TypeError, ValueError):
        raise UserError(f"features/build.py: {strange(features, table.shape[1])}") from None
    return np.ascontiguousarray(table.T)


def strange(features: dict[str, np.ndarray], length: int) -> str:
    """Name the features that are no arrays of so many numbers, for an error."""
    arrays = {name: np.asarray(values) for name, values in features.items()}
    bad = [
        f"{name} ({values.dtype}, shape {values.shape})"
        for name, values in arrays.items()
        if values.shape != (length,) or values.dtype.kind not in "biuf"
    ]
    return f"{', '.join(bad)} is no array of numbers, one for each of {length} rows"


class Known(dict[str, np.ndarray]):
    """Rows that answer the question for an unknown column with its name and those that exist."""

    def __missing__(self, name: str) -> np.ndarray:
        """Refuse."""
        raise UserError(f"features/build.py reads column {name}, schema.py has {', '.join(self)}")


def differing(found: list[str], expected: list[str]) -> str:
    """Say how two lists of features differ, for an error."""
    new = [name for name in found if name not in expected]
    gone = [name for name in expected if name not in found]
    if not new and not gone:
        return "the features in another order than the model was trained with; run: dvc repro"
    return f"{new or 'no'} new and lacks {gone or 'none'} of the model's features; run: dvc repro"
