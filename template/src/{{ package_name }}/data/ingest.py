"""Ingest: fetch the rows.

Yours: replace the body of `ingest` by a query, a download or another file; keep its return type.
"""

from datetime import date
from pathlib import Path

import polars as pl

LATE_AFTER_MIN = 15
LEAKS = ("departure_delay_min", "arrival_delay_min")  # known only after departure


def ingest(as_of: date) -> pl.DataFrame:
    """Fetch all rows before a day, with the target if it is known.

    Args:
        as_of: the day; only rows before it are returned.

    Returns:
        The columns of `schema.py` and the target; null for a flight that never arrived.
    """
    flights = pl.read_parquet(Path("data/sample/flights.parquet"))
    delay = pl.col("arrival_delay_min")
    late = pl.when(delay > LATE_AFTER_MIN).then(pl.lit("late")).otherwise(pl.lit("on_time"))
    arrival = pl.when(delay.is_not_null()).then(late).alias("arrival")
    return (
        flights.filter(pl.col("scheduled_departure").dt.date() < as_of)
        .with_columns(arrival)
        .drop(LEAKS)
    )
