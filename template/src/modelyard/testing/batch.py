"""Adapter of the batch target for the contract of all targets."""

import os
from collections.abc import Sequence
from contextlib import chdir
from itertools import count, groupby
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import yaml

from ..files import read_json
from ..project import Project
from ..serving.batch.engine import score_in_threads
from ..serving.batch.job import run_batch
from ..serving.predictor import Predictor, Row
from ..settings import Settings


class Batch:
    """The batch job, in a folder whose `params.yaml` allows any share of rejected rows."""

    name = "batch"

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder, self.numbers = project, folder, count()
        params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
        params["batch"]["max_rejected_share"] = 1.0
        (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
        self.models = {"MODEL_DIR": str(Settings.read().model_dir.resolve())}

    def predictions(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the prediction of each row, with the version of the model."""
        names = self.project.schema.numbers  # a text in one makes all of a file's values texts
        tables = groupby(rows, lambda row: [isinstance(row.get(name), str) for name in names])
        output = self.scored([list(table) for _, table in tables])
        parts = pl.read_parquet(sorted(output.glob("part-*.parquet")))
        return parts.drop(self.project.schema.key).rows(named=True)

    def faulty_columns(self, rows: Sequence[Row]) -> list[set[str]]:
        """Return the columns for which each row is rejected; each row is a separate file."""
        names = self.project.schema.names
        known = [[{name: row.get(name) for name in names}] for row in rows]
        rejected = pl.read_parquet(self.scored(known) / "rejected.parquet")
        files = [file_name(number) for number in range(len(rows))]
        return [{*rejected.filter(pl.col("file") == file)["column"]} for file in files]

    def scored(self, tables: Sequence[Sequence[Row]]) -> Path:
        """Score tables; return the output folder."""
        run = self.folder / str(next(self.numbers))
        (run / "rows").mkdir(parents=True)
        for number, rows in enumerate(tables):
            table = pl.DataFrame(list(rows), strict=False, infer_schema_length=None)
            table.write_parquet(run / "rows" / file_name(number))
        with chdir(self.folder), patch.dict(os.environ, self.models):
            run_batch(str(run / "rows"), run / "out", score_in_threads, self.project)
        return run / "out"

    def check_own(self, predictor: Predictor, rows: Sequence[Row]) -> None:
        """Check keys in the parts, reasons of rejected rows, and counts in the manifest."""
        key = self.project.schema.key
        output = self.scored([[*rows[:20], {**rows[0], key: None}]])
        part = pl.read_parquet(sorted(output.glob("part-*.parquet")))
        keys = [row[key] for row in rows[:20]]
        assert part[key].to_list() == keys, f"batch: {key} differs between parts and input"
        reasons = pl.read_parquet(output / "rejected.parquet").select("row", "column").rows()
        assert reasons == [(20, key)], f"batch: rejected rows are {reasons}, not row 20 for {key}"
        manifest = read_json(output / "manifest.json", "the run has not ended")
        found = [manifest.get(name) for name in ("model_version", "scored", "rejected")]
        wanted = [predictor.version, 20, 1]
        assert found == wanted, f"batch: manifest.json has {found}, not {wanted}"


def file_name(number: int) -> str:
    """Return a file name that sorts like its number."""
    return f"{number:04}.parquet"
