"""Examples of this problem for the tests.

Yours. The tests name no columns: they import rows, invalid values and expected results from here.
"""

from typing import Any

Row = dict[str, Any]

ROWS: list[Row] = [
    {
        "flight_id": "20130712-EV5804-EWR",
        "scheduled_departure": "2013-07-12T20:29:00",
        "carrier": "EV",
        "origin": "EWR",
        "destination": "OMA",
        "distance_mi": 1134.0,
        "plane_year": 2002.0,
        "seats": 55.0,
        "temperature_f": 71.6,
        "dew_point_f": 69.8,
        "humidity_pct": 94.06,
        "wind_direction_deg": 60.0,
        "wind_speed_mph": 13.8,
        "wind_gust_mph": 24.2,
        "precipitation_in": 0.03,
        "pressure_mb": None,
        "visibility_mi": 3.0,
    },
    {
        "flight_id": "20130705-VX11-JFK",
        "scheduled_departure": "2013-07-05T07:40:00",
        "carrier": "VX",
        "origin": "JFK",
        "destination": "SFO",
        "distance_mi": 2586.0,
        "plane_year": None,
        "seats": 182.0,
        "temperature_f": 78.08,
        "dew_point_f": 71.96,
        "humidity_pct": 81.5,
        "wind_direction_deg": 230.0,
        "wind_speed_mph": 9.2,
        "wind_gust_mph": None,
        "precipitation_in": 0.0,
        "pressure_mb": 1023.6,
        "visibility_mi": 10.0,
    },
    {
        "flight_id": "20130301-WN376-LGA",
        "scheduled_departure": "2013-03-01T09:40:00",
        "carrier": "WN",
        "origin": "LGA",
        "destination": "BNA",
        "distance_mi": 764.0,
        "plane_year": 2005.0,
        "seats": 140.0,
        "temperature_f": 41.0,
        "dew_point_f": 26.96,
        "humidity_pct": 57.06,
        "wind_direction_deg": 340.0,
        "wind_speed_mph": 11.5,
        "wind_gust_mph": None,
        "precipitation_in": 0.0,
        "pressure_mb": 1005.4,
        "visibility_mi": 10.0,
    },
]
"""At least three real rows, as a client sends them; some of them are in the snapshot."""

TARGETS: list[Any] = ["late", "on_time", "on_time"]
"""The target of each of these rows."""

BAD_VALUES: list[tuple[str, Any]] = [
    ("distance_mi", -5.0),
    ("distance_mi", "far"),
    ("distance_mi", None),
    ("humidity_pct", 140.0),
    ("origin", "ORD"),
    ("origin", 7),
    ("carrier", ""),
    ("scheduled_departure", "yesterday"),
    ("scheduled_departure", "2013-02-30T08:00:00"),
    ("flight_id", None),
]
"""Columns with a value that violates the schema, in any row."""

FEATURE_CASES: list[tuple[Row, dict[str, float]]] = [
    ({}, {"distance_mi": 1134.0, "plane_age_years": 11.0, "regional": 1.0, "origin_EWR": 1.0}),
    ({}, {"carrier_EV": 1.0, "carrier_UA": 0.0, "origin_JFK": 0.0, "weekend": 0.0}),
    ({"carrier": "ZZ"}, {"carrier_EV": 0.0, "carrier_UA": 0.0, "regional": 0.0}),
    ({"scheduled_departure": "2013-07-13T18:30:00"}, {"hour": 18.5, "weekend": 1.0}),
    ({"scheduled_departure": "2013-07-14T23:45:00"}, {"hour": 23.75, "weekend": 1.0}),
    ({"scheduled_departure": "2013-07-15T00:15:00"}, {"hour": 0.25, "weekend": 0.0}),
    ({"plane_year": 2014.0}, {"plane_age_years": 0.0}),
    ({"wind_direction_deg": 90.0}, {"wind_from_north": 0.0, "wind_from_east": 1.0}),
    ({"wind_direction_deg": 360.0}, {"wind_from_north": 1.0, "wind_from_east": 0.0}),
]
"""Changes of the first row, and the expected values of some features (to within 1e-6)."""

MISSING_CASES: list[tuple[str, str]] = [
    ("plane_year", "plane_age_years"),
    ("wind_direction_deg", "wind_from_north"),
    ("pressure_mb", "pressure_mb"),
]
"""Optional columns, and a feature that is missing if the column is. May be empty."""

SAME: list[Row] = [{"flight_id": "any other"}, {"destination": "ANC"}]
"""Changes that must not change any score."""

RAISES: list[tuple[Row, str]] = [
    ({"precipitation_in": 0.5}, "late"),
    ({"visibility_mi": 0.25, "wind_gust_mph": 40.0, "wind_speed_mph": 30.0}, "late"),
    ({"scheduled_departure": "2013-07-10T20:00:00"}, "late"),
    ({"scheduled_departure": "2013-07-10T06:00:00"}, "on_time"),
]
"""Changes that must raise the mean score of a class (for a regression: name the target)."""

CLEAR_CASES: list[tuple[Row, Any]] = [(ROWS[0], "late"), (ROWS[1], "on_time")]
"""Rows that any useful model predicts correctly (regression: within the target's spread)."""
