"""Paths of the pipeline's outputs, relative to the project's folder."""

from pathlib import Path

RAW = Path("data/raw/rows.parquet")
PROCESSED = Path("data/processed")
FROZEN = PROCESSED / "frozen.parquet"
FEATURES = Path("features")
MODELS = Path("models")
PLOTS = Path("reports/plots")
RECORDS = Path("reports/requests")
MONITORING = Path("reports/monitoring")
