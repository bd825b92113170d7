"""The features of a row, made with NumPy only and from nothing but the row.

Yours. The same code runs in training, REST, batch and edge, so it keeps no state, reads no file
and no clock. A missing number stays NaN: what to do about it is the model's business.
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
    """Make the features.

    Args:
        rows: column name to array of n values, as `modelyard.schema.columns` says.

    Returns:
        Feature name to array of n numbers, in the order in which models see them.
    """
    return {
        **clock(rows["scheduled_departure"]),
        **{name: rows[name] for name in PLAIN},
        "plane_age_years": plane_age(rows["scheduled_departure"], rows["plane_year"]),
        **wind(rows["wind_direction_deg"]),
        "regional": reduce(or_, rows["carrier"] == standing(schema.REGIONAL)),
        **one_hot("carrier", rows["carrier"], schema.CARRIERS),
        **one_hot("origin", rows["origin"], AIRPORTS),
    }


def clock(departure: np.ndarray) -> dict[str, np.ndarray]:
    """Give the hour of the day (0 to 24) and whether the day is a Saturday or Sunday."""
    seconds = departure.view(np.int64)
    return {"hour": seconds % DAY_S / 3600, "weekend": (seconds - SATURDAY_S) % WEEK_S < 2 * DAY_S}


def plane_age(departure: np.ndarray, built: np.ndarray) -> np.ndarray:
    """Give the plane's age in years at departure, 0 at least, NaN if it is not known."""
    year = departure.astype(YEARS).view(np.int64) + 1970
    return np.maximum(year - built, 0.0)


def wind(direction_deg: np.ndarray) -> dict[str, np.ndarray]:
    """Turn the wind's direction into two numbers without a jump at north."""
    angle = np.deg2rad(direction_deg)
    return {"wind_from_north": np.cos(angle), "wind_from_east": np.sin(angle)}


def one_hot(name: str, values: np.ndarray, known: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Give a 0/1 feature for each known value; any other value is 0 in all of them."""
    return dict(zip(labels(name, known), values == standing(known), strict=True))


@cache
def labels(name: str, known: tuple[str, ...]) -> list[str]:
    """Name the feature of each known value."""
    return [f"{name}_{value}" for value in known]


@cache
def standing(texts: tuple[str, ...]) -> np.ndarray:
    """Stand texts below each other, shape [texts, 1], to compare each with values of shape [n]."""
    return np.array(texts)[:, np.newaxis]
