"""Ray gives what this machine's threads give, to the last bit."""

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
from modelyard.serving.batch.ray import FILES, in_ray, scored
from modelyard.serving.batch.sources import Source

from tests.runtime import example


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def in_silent_ray(chunks: Iterable[Any], models: Path, project: Project, workers: int) -> Results:
    for found in in_ray(chunks, models, project, workers):
        parts = psutil.Process().children(recursive=True)
        told = [part.environ().get("RAY_USAGE_STATS_ENABLED") for part in parts if is_service(part)]
        assert told
        assert {*told} == {"0"}
        yield found


def is_service(part: psutil.Process) -> bool:
    return part.name().startswith(("gcs_server", "raylet"))


def test_rays_files_are_those_of_the_local_engine(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    bad = pl.when(pl.int_range(pl.len()) == 33).then(None).otherwise(pl.col(SCHEMA.key))
    table.with_columns(bad.alias(SCHEMA.key)).write_csv(tmp_path / "rows.csv")
    local = contents(run("rows.csv", "local"))
    assert contents(run("rows.csv", "ray", engine=in_silent_ray)) == local
    assert len(local) == 5


def test_a_file_that_changed_is_named_and_does_not_end_the_process(
    table: pl.DataFrame, tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    table.write_parquet(file)
    chunks = plan([Source(file, "rows.parquet")], SCHEMA, 30, tmp_path)[0].chunks
    table.head(40).write_parquet(file)
    model = tuple(Path("models", name).read_bytes() for name in FILES)
    good, bad = scored(pa.table({"place": [0, 1]}), chunks, model, example.PACKAGE).to_pylist()
    assert (good["scored"], good["mistake"]) == (30, "")
    assert bad["scored"] == 0
    assert bad["mistake"] == f"{file} changed while it was read: 10 rows, not 20"


def test_an_address_where_nobody_answers_is_one_line(
    run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(UserError) as refused:
            run(parquet, engine=in_ray)
    assert str(refused.value).startswith(f"RAY_ADDRESS is '{address}', no cluster answers: ")
    assert len(str(refused.value).splitlines()) == 1
