"""Examples of this problem for the tests."""

from typing import Any

Row = dict[str, Any]

ROWS: list[Row] = [
    {
        "bottle": "bottle-1",
        "alcohol": 14.23,
        "malic_acid": 1.71,
        "ash": 2.43,
        "alcalinity_of_ash": 15.6,
        "magnesium": 127.0,
        "phenols": 2.8,
        "flavanoids": 3.06,
        "nonflavanoids": 0.28,
        "proanthocyanins": 2.29,
        "color_intensity": 5.64,
        "hue": 1.04,
        "dilution": 3.92,
        "proline": 1065.0,
    },
    {
        "bottle": "bottle-60",
        "alcohol": 12.37,
        "malic_acid": 0.94,
        "ash": 1.36,
        "alcalinity_of_ash": 10.6,
        "magnesium": 88.0,
        "phenols": 1.98,
        "flavanoids": 0.57,
        "nonflavanoids": 0.28,
        "proanthocyanins": 0.42,
        "color_intensity": 1.95,
        "hue": 1.05,
        "dilution": 1.82,
        "proline": 520.0,
    },
    {
        "bottle": "bottle-178",
        "alcohol": 14.13,
        "malic_acid": 4.1,
        "ash": 2.74,
        "alcalinity_of_ash": 24.5,
        "magnesium": 96.0,
        "phenols": 2.05,
        "flavanoids": 0.76,
        "nonflavanoids": 0.56,
        "proanthocyanins": 1.35,
        "color_intensity": 9.2,
        "hue": 0.61,
        "dilution": 1.6,
        "proline": 560.0,
    },
]
"""At least three real rows, as a client sends them; some of them are in the snapshot."""

TARGETS: list[Any] = ["grower one", "grower two", "grower three"]
"""What became of each of the rows: values of the target."""

BAD_VALUES: list[tuple[str, Any]] = [
    ("alcohol", 142.3),
    ("alcohol", "strong"),
    ("hue", -0.1),
    ("proline", None),
    ("bottle", None),
    ("bottle", ""),
]
"""Columns and values that break the schema, in any row."""

FEATURE_CASES: list[tuple[Row, dict[str, float]]] = [
    ({}, {"alcohol": 14.23, "hue": 1.04}),
    ({"proline": 0.0}, {"log_proline": 0.0}),
]
"""Changes to the first row, and what some features then must be (to within 1e-6)."""

MISSING_CASES: list[tuple[str, str]] = []
"""Optional columns, and a feature that must be missing when the column is. May be empty."""

SAME: list[Row] = [{"bottle": "any other"}]
"""Changes that must leave every score as it is."""

RAISES: list[tuple[Row, str]] = [
    ({"proline": 1500.0}, "grower one"),
    ({"color_intensity": 2.0}, "grower two"),
    ({"flavanoids": 0.5}, "grower three"),
]
"""Changes that must raise the mean score of a class (of the number: name the target)."""

CLEAR_CASES: list[tuple[Row, Any]] = [
    (ROWS[0], "grower one"),
    (ROWS[1], "grower two"),
    (ROWS[2], "grower three"),
]
"""Rows that any useful model gets right (numbers: predicted to within the target's spread)."""
