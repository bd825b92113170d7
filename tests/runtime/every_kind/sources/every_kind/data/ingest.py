"""Visits with a cost, in the spelling in which they arrive."""

from datetime import date, timedelta

import numpy as np
import polars as pl

ROWS = 600


def ingest(as_of: date) -> pl.DataFrame:
    """Return the visits; some values are spelled otherwise, or in another unit."""
    drawn = np.random.default_rng(5)
    distance, smoker = drawn.uniform(0, 100, ROWS), drawn.integers(0, 2, ROWS)
    number = [f"{one / 1.609344} mi" if i % 2 else f"{one} km" for i, one in enumerate(distance)]
    days = [date(1950, 1, 1) + timedelta(days=int(one)) for one in drawn.integers(0, 20_000, ROWS)]
    return pl.DataFrame(
        {
            "visit": range(ROWS),
            "children": [[2.0, None, 0.0][i % 3] for i in range(ROWS)],
            "smoker": [["yes", "no"][one] for one in smoker],
            "city": [["NYC", "Rome", "New York"][i % 3] for i in range(ROWS)],
            "distance_km": number,
            "weight_kg": [[-999.0, 70.0, None, 82.5][i % 4] for i in range(ROWS)],
            "born": [None if i % 9 == 0 else day for i, day in enumerate(days)],
            "seen": [f"2024-05-01T{i % 24:02}:30:00+02:00" for i in range(ROWS)],
            "note": [["n/a", "calm", ""][i % 3] for i in range(ROWS)],
            "cost": 3.0 * distance + 20.0 * smoker,
        }
    )
