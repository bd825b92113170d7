"""The features of a row, made with NumPy only and from nothing but the row.

Yours. The same code runs in training, REST, batch and edge, so it keeps no state, reads no file
and no clock. A missing number stays NaN: what to do about it is the model's business.
"""

from functools import reduce
from operator import or_

import numpy as np

from .. import schema
from ..columns import Rows

AIRPORTS = ("EWR", "JFK", "LGA")
PLAIN = (
    *("distance_mi", "seats", "temperature_f", "dew_point_f", "humidity_pct", "wind_speed_mph"),
    *("wind_gust_mph", "precipitation_in", "pressure_mb", "visibility_mi"),
)
DAY_S, WEEK_S, SATURDAY_S = 86_400, 604_800, 172_800  # 1970-01-03 was a Saturday
YEARS = np.dtype("datetime64[Y]")
CARRIERS, REGIONAL, ORIGINS = (
    np.array(texts)[:, np.newaxis]  # below each other, to compare each with values of shape [n]
    for texts in (schema.CARRIERS, schema.REGIONAL, AIRPORTS)
)
CARRIER_LABELS = [f"carrier_{code}" for code in schema.CARRIERS]
ORIGIN_LABELS = [f"origin_{code}" for code in AIRPORTS]


def build(rows: Rows) -> dict[str, np.ndarray]:
    """Make the features.

    Args:
        rows: column name to array of n values, as `columns.py` says.

    Returns:
        Feature name to array of n numbers, in the order in which models see them.
    """
    return {
        **clock(rows["scheduled_departure"]),
        **{name: rows[name] for name in PLAIN},
        "plane_age_years": plane_age(rows["scheduled_departure"], rows["plane_year"]),
        **wind(rows["wind_direction_deg"]),
        "regional": reduce(or_, rows["carrier"] == REGIONAL),
        **dict(zip(CARRIER_LABELS, rows["carrier"] == CARRIERS, strict=True)),
        **dict(zip(ORIGIN_LABELS, rows["origin"] == ORIGINS, strict=True)),
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
