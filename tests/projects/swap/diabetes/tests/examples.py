"""Examples of this problem for the tests."""

from typing import Any

Row = dict[str, Any]

ROWS: list[Row] = [
    {
        "patient": "patient-24",
        "age": 61.0,
        "sex": "2",
        "bmi": 32.0,
        "blood_pressure": 103.67,
        "cholesterol": 210.0,
        "ldl": 85.2,
        "hdl": 35.0,
        "log_triglycerides": 6.107,
        "glucose": 124.0,
    },
    {
        "patient": "patient-2",
        "age": 48.0,
        "sex": "1",
        "bmi": 21.6,
        "blood_pressure": 87.0,
        "cholesterol": 183.0,
        "ldl": 103.2,
        "hdl": 70.0,
        "log_triglycerides": 3.8918,
        "glucose": 69.0,
    },
    {
        "patient": "patient-3",
        "age": 72.0,
        "sex": "2",
        "bmi": 30.5,
        "blood_pressure": 93.0,
        "cholesterol": 156.0,
        "ldl": 93.6,
        "hdl": 41.0,
        "log_triglycerides": 4.6728,
        "glucose": 85.0,
    },
]
"""At least three real rows, as a client sends them; some of them are in the snapshot."""

TARGETS: list[Any] = [245.0, 75.0, 141.0]
"""What became of each of the rows: values of the target."""

BAD_VALUES: list[tuple[str, Any]] = [
    ("age", -1.0),
    ("age", "old"),
    ("age", None),
    ("bmi", 321.0),
    ("sex", "3"),
    ("sex", 2),
    ("patient", None),
    ("patient", ""),
]
"""Columns and values that break the schema, in any row."""

FEATURE_CASES: list[tuple[Row, dict[str, float]]] = [
    ({}, {"age": 61.0, "cholesterol_to_hdl": 6.0, "sex_2": 1.0}),
    ({"sex": "1"}, {"sex_2": 0.0}),
    ({"cholesterol": 200.0, "hdl": 50.0}, {"cholesterol_to_hdl": 4.0}),
]
"""Changes to the first row, and what some features then must be (to within 1e-6)."""

MISSING_CASES: list[tuple[str, str]] = [("glucose", "glucose")]
"""Optional columns, and a feature that must be missing when the column is. May be empty."""

SAME: list[Row] = [{"patient": "any other"}]
"""Changes that must leave every score as it is."""

RAISES: list[tuple[Row, str]] = [
    ({"bmi": 40.0}, "progression"),
    ({"log_triglycerides": 6.0}, "progression"),
    ({"blood_pressure": 125.0}, "progression"),
]
"""Changes that must raise the mean score of a class (of the number: name the target)."""

CLEAR_CASES: list[tuple[Row, Any]] = [(ROWS[0], 245.0), (ROWS[1], 75.0)]
"""Rows that any useful model gets right (numbers: predicted to within the target's spread)."""
