"""Fixtures: batch runs in the test's own process, on real rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from modelyard.project import Project
from modelyard.serving.batch.engine import score_in_threads
from modelyard.serving.batch.job import run_batch

Run = Callable[..., Path]


@pytest.fixture
def table(real_rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Real rows, for two and a half chunks."""
    return pl.DataFrame((real_rows * 50)[:50], infer_schema_length=None)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Project) -> Run:
    """Function that runs a batch with chunks of 20 rows and returns its output folder."""
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    monkeypatch.setenv("MODEL_DIR", str(Path("models").resolve()))
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "20")
    monkeypatch.chdir(tmp_path)

    def running(
        source: Any, name: str = "out", limit: float = 1.0, engine: Any = score_in_threads
    ) -> Path:
        params["batch"]["max_rejected_share"] = limit
        Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")
        run_batch(str(source), tmp_path / name, engine, project)
        return tmp_path / name

    return running


@pytest.fixture
def parquet(table: pl.DataFrame, tmp_path: Path) -> Path:
    """A Parquet file of the rows."""
    table.write_parquet(tmp_path / "rows.parquet")
    return tmp_path / "rows.parquet"
