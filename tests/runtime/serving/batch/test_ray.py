"""The engine Ray gives the same results as threads, to the last bit."""

import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import psutil
import pyarrow as pa
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.project import Project
from modelyard.serving.batch.chunks import plan
from modelyard.serving.batch.engine import Results
from modelyard.serving.batch.ray import FILES, score_batch, score_in_ray
from modelyard.serving.batch.sources import Source

from tests.runtime import example


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def without_statistics(
    chunks: Iterable[Any], models: Path, project: Project, workers: int
) -> Results:
    """Score with Ray, and check that its services do not send usage statistics."""
    for result in score_in_ray(chunks, models, project, workers):
        services = [one for one in psutil.Process().children(recursive=True) if is_service(one)]
        assert services
        assert {one.environ().get("RAY_USAGE_STATS_ENABLED") for one in services} == {"0"}
        yield result


def is_service(process: psutil.Process) -> bool:
    return process.name().startswith(("gcs_server", "raylet"))


def test_ray_writes_the_same_files_as_threads(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    bad = pl.when(pl.int_range(pl.len()) == 33).then(None).otherwise(pl.col(SCHEMA.key))
    table.with_columns(bad.alias(SCHEMA.key)).write_csv(tmp_path / "rows.csv")
    local = contents(run("rows.csv", "local"))
    assert contents(run("rows.csv", "ray", engine=without_statistics)) == local
    assert len(local) == 5


def test_a_changed_file_is_reported_and_does_not_end_the_worker(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    table.write_parquet(file)
    chunks = plan([Source(file, "rows.parquet")], SCHEMA, 30, tmp_path)[0].chunks
    table.head(40).write_parquet(file)
    model = tuple(Path("models", name).read_bytes() for name in FILES)
    indices = pa.table({"index": [0, 1]})
    good, bad = score_batch(indices, chunks, model, example.PACKAGE).to_pylist()
    assert (good["scored"], good["error"]) == (30, "")
    assert bad["scored"] == 0
    assert bad["error"] == f"{file} changed while it was read: 10 rows, not 20"


def test_an_address_without_a_cluster_is_reported_in_one_line(
    run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(UserError) as refused:
            run(parquet, engine=score_in_ray)
    assert str(refused.value).startswith(f"RAY_ADDRESS is '{address}', no cluster responds: ")
    assert len(str(refused.value).splitlines()) == 1
