"""Paths of the pipeline's outputs, relative to the project's folder."""

from pathlib import Path

RAW = Path("data/raw/rows.parquet")
PROCESSED = Path("data/processed")
FROZEN = PROCESSED / "frozen.parquet"
FEATURES = Path("features")
MODELS = Path("models")
REPORTS = Path("reports")
PLOTS = REPORTS / "plots"
RECORDS = REPORTS / "requests"
MONITORING = REPORTS / "monitoring"
