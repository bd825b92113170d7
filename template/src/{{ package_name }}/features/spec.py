"""The order of the features, and which code makes them."""

import hashlib
from pathlib import Path

import numpy as np

from ..columns import Rows
from ..console import UserError
from ..contract import Schema
from . import build as build_module
from .build import build


def names(schema: Schema) -> list[str]:
    """Name the features in the order in which models see them."""
    return list(build(Known({column.name: column.to_array([]) for column in schema.columns})))


def matrix(rows: Rows, expected: list[str]) -> np.ndarray:
    """Make the float32 matrix [n, features] that models read.

    Args:
        rows: column name to array of n values.
        expected: the features in the model's order.

    Raises:
        UserError: `features/build.py` reads a column that is not there, makes other features or
            in another order, or something else than numbers.
    """
    features = build(Known(rows))
    if list(features) != expected:
        raise UserError(f"features/build.py makes {differing(list(features), expected)}")
    table = np.empty((len(expected), len(next(iter(rows.values())))), np.float32)
    for line, (name, values) in enumerate(features.items()):
        try:
            table[line] = values
        except (TypeError, ValueError) as failure:
            raise UserError(
                f"features/build.py: {name} is no array of numbers: {failure}"
            ) from None
    return np.ascontiguousarray(table.T)


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


def code_hash() -> str:
    """Hash the source of `features/build.py`, blind to the kind of line ends."""
    source = Path(str(build_module.__file__)).read_text("utf-8")
    return hashlib.sha256(source.encode()).hexdigest()[:12]
