"""The features of a wine, made with NumPy only and from nothing but the row."""

import numpy as np
from modelyard.schema.columns import Rows

PLAIN = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "phenols", "flavanoids"),
    *("nonflavanoids", "proanthocyanins", "color_intensity", "hue", "dilution"),
)


def build(rows: Rows) -> dict[str, np.ndarray]:
    """Make the features.

    Args:
        rows: column name to array of n values, as `modelyard.schema.columns` says.

    Returns:
        Feature name to array of n numbers, in the order in which models see them.
    """
    return {
        **{name: rows[name] for name in PLAIN},
        "log_proline": np.log1p(rows["proline"]),
    }
