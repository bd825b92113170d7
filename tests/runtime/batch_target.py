"""Adapter of the batch target for the contract of all targets."""

import os
from contextlib import chdir
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import yaml
from flight_delays.schema import SCHEMA
from modelyard.project import load
from modelyard.serving.batch import job
from modelyard.serving.batch.engine import score_in_threads

from tests.runtime import example


def predictions(rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Return the prediction of each row, with the version of the model."""
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(folder / "rows.parquet")
    parts = pl.read_parquet(sorted(scored(folder / "rows.parquet", folder).glob("part-*.parquet")))
    return parts.drop(SCHEMA.key).rows(named=True)


def faulty_columns(rows: list[dict[str, Any]], folder: Path) -> list[set[str]]:
    """Return the columns for which each row is rejected; each row is a separate file."""
    (folder / "rows").mkdir()
    for number, row in enumerate(rows):
        known = {name: [row.get(name)] for name in SCHEMA.names}
        table = pl.DataFrame(known, strict=False)
        table.write_parquet(folder / "rows" / f"{number:04}.parquet")
    rejected = pl.read_parquet(scored(folder / "rows", folder) / "rejected.parquet")
    named = [f"{number:04}.parquet" for number in range(len(rows))]
    return [{*rejected.filter(pl.col("file") == name)["column"]} for name in named]


def scored(source: Path, folder: Path) -> Path:
    """Run the target with params that allow any share of rejected rows."""
    params = yaml.safe_load((example.place() / "params.yaml").read_text("utf-8"))
    params["batch"]["max_rejected_share"] = 1.0
    (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    models = {"MODEL_DIR": str(example.place() / "models"), "BATCH_CHUNK_ROWS": "4096"}
    with chdir(folder), patch.dict(os.environ, models):
        job.run_batch(str(source), folder / "out", score_in_threads, load(example.PACKAGE))
    return folder / "out"
