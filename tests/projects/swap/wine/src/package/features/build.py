"""The features of a wine, computed with NumPy from its row only."""

import numpy as np
from modelyard.schema.columns import Rows

PLAIN = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "phenols", "flavanoids"),
    *("nonflavanoids", "proanthocyanins", "color_intensity", "hue", "dilution"),
)


def build(rows: Rows) -> dict[str, np.ndarray]:
    """Compute the features.

    Args:
        rows: column name to array of n values, see `modelyard.schema.columns`.

    Returns:
        Feature name to array of n numbers, in the column order of the model's input.
    """
    return {
        **{name: rows[name] for name in PLAIN},
        "log_proline": np.log1p(rows["proline"]),
    }
