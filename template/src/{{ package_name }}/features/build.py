"""The features of a row, computed with NumPy from this row only.

Yours. The same code runs in training, REST, batch and edge, so it is stateless and reads neither
files nor the clock. A missing number stays NaN, which the model handles.
"""

from functools import cache, reduce
from operator import or_

import numpy as np
from modelyard.schema.columns import Rows

from .. import schema

AIRPORTS = ("EWR", "JFK", "LGA")
PLAIN = (
    *("distance_mi", "seats", "temperature_f", "dew_point_f", "humidity_pct", "wind_speed_mph"),
    *("wind_gust_mph", "precipitation_in", "pressure_mb", "visibility_mi"),
)
DAY_S, WEEK_S, SATURDAY_S = 86_400, 604_800, 172_800  # 1970-01-03 was a Saturday
YEARS = np.dtype("datetime64[Y]")


def build(rows: Rows) -> dict[str, np.ndarray]:
    """Compute the features.

    Args:
        rows: column name to array of n values, see `modelyard.schema.columns`.

    Returns:
        Feature name to array of n numbers, in the column order of the model's input.
    """
    return {
        **clock(rows["scheduled_departure"]),
        **{name: rows[name] for name in PLAIN},
        "plane_age_years": plane_age(rows["scheduled_departure"], rows["plane_year"]),
        **wind(rows["wind_direction_deg"]),
        "regional": reduce(or_, rows["carrier"] == as_column(schema.REGIONAL)),
        **one_hot("carrier", rows["carrier"], schema.CARRIERS),
        **one_hot("origin", rows["origin"], AIRPORTS),
    }


def clock(departure: np.ndarray) -> dict[str, np.ndarray]:
    """Return the hour of the day (0 to 24) and whether the day is a Saturday or Sunday."""
    seconds = departure.view(np.int64)
    return {"hour": seconds % DAY_S / 3600, "weekend": (seconds - SATURDAY_S) % WEEK_S < 2 * DAY_S}


def plane_age(departure: np.ndarray, built: np.ndarray) -> np.ndarray:
    """Return the age of the plane in years at departure, at least 0, NaN if unknown."""
    year = departure.astype(YEARS).view(np.int64) + 1970
    return np.maximum(year - built, 0.0)


def wind(direction_deg: np.ndarray) -> dict[str, np.ndarray]:
    """Encode the direction of the wind as two numbers that are continuous at north."""
    angle = np.deg2rad(direction_deg)
    return {"wind_from_north": np.cos(angle), "wind_from_east": np.sin(angle)}


def one_hot(name: str, values: np.ndarray, known: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return a 0/1 feature for each known value; any other value is 0 in all of them."""
    return dict(zip(labels(name, known), values == as_column(known), strict=True))


@cache
def labels(name: str, known: tuple[str, ...]) -> list[str]:
    """Return the name of the feature of each known value."""
    return [f"{name}_{value}" for value in known]


@cache
def as_column(texts: tuple[str, ...]) -> np.ndarray:
    """Return texts as an array of shape [texts, 1], which broadcasts against shape [n]."""
    return np.array(texts)[:, np.newaxis]
