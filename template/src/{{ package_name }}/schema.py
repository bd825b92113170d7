"""The schema of a row: columns, allowed values, and the target.

Yours. Data validation, the REST API, batch, edge and monitoring all use `SCHEMA`. The modules of
`modelyard.schema` document its classes.
"""

from modelyard.schema.columns import Category, Number, Text, Timestamp
from modelyard.schema.contract import Classes, Schema, Slice

CARRIERS = (
    *("9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL"),
    *("HA", "MQ", "OO", "UA", "US", "VX", "WN", "YV"),
)
REGIONAL = ("9E", "EV", "MQ", "OO", "YV")

SCHEMA = Schema(
    columns=(
        Text("flight_id", "day, flight and origin, unique", max_length=40),
        Timestamp("scheduled_departure", "local time of departure in the timetable"),
        Category("carrier", "two-letter code of the airline", values=CARRIERS, others=True),
        Category("origin", "airport of departure", values=("EWR", "JFK", "LGA")),
        Text("destination", "airport of arrival", max_length=3),
        Number("distance_mi", "distance between the airports", min=10, max=6000, unit="mi"),
        Number("plane_year", "year the plane was built", False, 1950, 2030),
        Number("seats", "seats of the plane", False, 1, 900),
        Number("temperature_f", "temperature at the origin", False, -40, 130, "°F"),
        Number("dew_point_f", "dew point at the origin", False, -60, 100, "°F"),
        Number("humidity_pct", "relative humidity", False, 0, 100, "%"),
        Number("wind_direction_deg", "where the wind comes from", False, 0, 360, "°"),
        Number("wind_speed_mph", "mean wind speed", False, 0, 150, "mph"),
        Number("wind_gust_mph", "speed of gusts, missing if there are none", False, 0, 200, "mph"),
        Number("precipitation_in", "rain and snow in the hour", False, 0, 6, "in"),
        Number("pressure_mb", "air pressure at sea level", False, 900, 1090, "mbar"),
        Number("visibility_mi", "visibility", False, 0, 10, "mi"),
    ),
    target=Classes("arrival", "late: more than 15 minutes late", values=("on_time", "late")),
    key="flight_id",
    time="scheduled_departure",
    slices=(
        Slice("origin", "origin"),
        # an example of a protected slice; no column of this data describes persons
        Slice("carrier kind", "carrier", {"regional": REGIONAL}, "mainline", protected=True),
    ),
)
