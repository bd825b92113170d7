"""The features of a patient, made with NumPy only and from nothing but the row."""

import numpy as np
from modelyard.schema.columns import Rows

PLAIN = (
    *("age", "bmi", "blood_pressure", "cholesterol", "ldl", "hdl"),
    *("log_triglycerides", "glucose"),
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
        "cholesterol_to_hdl": rows["cholesterol"] / rows["hdl"],
        "sex_2": rows["sex"] == "2",
    }
