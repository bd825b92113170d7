"""Feature names in order, and the feature matrix."""

import numpy as np

from ..console import UserError
from ..project import Build
from ..schema.columns import Rows
from ..schema.contract import Schema


def names(schema: Schema, build: Build) -> list[str]:
    """List the feature names in the order of the feature matrix."""
    return list(build(KnownColumns({one.name: one.to_array([]) for one in schema.columns})))


def matrix(rows: Rows, expected: list[str], build: Build) -> np.ndarray:
    """Build the feature matrix, float32 [n, features].

    Args:
        rows: column name to array of n values.
        expected: the feature names in the model's order.
        build: the project's feature function.

    Raises:
        UserError: `features/build.py` reads an unknown column, or returns other features than
            expected, in another order, or values that are not numbers.
    """
    features = build(KnownColumns(rows))
    if list(features) != expected:
        raise UserError(f"features/build.py returns {difference(list(features), expected)}")
    table = np.empty((len(expected), len(next(iter(rows.values())))), np.float32)
    try:
        np.concatenate(list(features.values()), out=table.reshape(-1), casting="same_kind")
    except (TypeError, ValueError):
        raise UserError(f"features/build.py: {wrong_types(features, table.shape[1])}") from None
    return np.ascontiguousarray(table.T)


def wrong_types(features: dict[str, np.ndarray], length: int) -> str:
    """Describe the features that are not numeric arrays of this length, for an error message."""
    arrays = {name: np.asarray(values) for name, values in features.items()}
    bad = [
        f"{name} ({values.dtype}, shape {values.shape})"
        for name, values in arrays.items()
        if values.shape != (length,) or values.dtype.kind not in "biuf"
    ]
    return f"{', '.join(bad)}: allowed is an array of {length} numbers, one for each row"


class KnownColumns(dict[str, np.ndarray]):
    """Rows that raise a UserError with the known columns when an unknown one is read."""

    def __missing__(self, name: str) -> np.ndarray:
        """Refuse an unknown column."""
        raise UserError(f"features/build.py reads column {name}, schema.py has {', '.join(self)}")


def difference(found: list[str], expected: list[str]) -> str:
    """Describe the difference between two lists of features, for an error message."""
    new = [name for name in found if name not in expected]
    missing = [name for name in expected if name not in found]
    if not new and not missing:
        return "features in another order than the model expects; run: dvc repro"
    return f"unknown features {new or '-'} and lacks {missing or '-'}; run: dvc repro"
