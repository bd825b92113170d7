"""The features of a patient, computed with NumPy from its row only."""

import numpy as np
from modelyard.schema.columns import Rows

PLAIN = (
    *("age", "bmi", "blood_pressure", "cholesterol", "ldl", "hdl"),
    *("log_triglycerides", "glucose"),
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
        "cholesterol_to_hdl": rows["cholesterol"] / rows["hdl"],
        "sex_2": rows["sex"] == "2",
    }
