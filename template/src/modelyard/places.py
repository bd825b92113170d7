"""Where each step of the pipeline puts what it makes, seen from the project's folder."""

from pathlib import Path

RAW = Path("data/raw/rows.parquet")
PROCESSED = Path("data/processed")
FROZEN = PROCESSED / "frozen.parquet"
FEATURES = Path("features")
MODELS = Path("models")
PLOTS = Path("reports/plots")
RECORDS = Path("reports/requests")
MONITORING = Path("reports/monitoring")
