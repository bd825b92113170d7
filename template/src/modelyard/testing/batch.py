"""The batch target as the contract of all targets sees it."""

import os
from collections.abc import Mapping, Sequence
from contextlib import chdir
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import yaml

from ..files import read_json
from ..project import Project
from ..serving.batch.engine import in_threads
from ..serving.batch.job import run_batch
from ..serving.predictor import Predictor
from ..settings import Settings
from .assertions import require

Row = Mapping[str, Any]


class Batch:
    """The batch job, run in a folder where any share of the rows may be rejected."""

    name = "batch"

    def __init__(self, project: Project, folder: Path) -> None:
        self.project, self.folder, self.numbers = project, folder, count()
        params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
        params["batch"]["max_rejected_share"] = 1.0
        (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
        self.models = {"MODEL_DIR": str(Settings.read().model_dir.resolve())}

    def predictions(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Give each row's prediction, with the version of the model."""
        output = self.scored([rows])
        parts = pl.read_parquet(sorted(output.glob("part-*.parquet")))
        return parts.drop(self.project.schema.key).rows(named=True)

    def faulty_columns(self, rows: Sequence[Row]) -> list[set[str]]:
        """Name the columns for which each row is refused: each is a file of its own."""
        names = self.project.schema.names
        known = [[{name: row.get(name) for name in names}] for row in rows]
        faults = pl.read_parquet(self.scored(known) / "rejected.parquet")
        files = [file_name(number) for number in range(len(rows))]
        return [{*faults.filter(pl.col("file") == file)["column"]} for file in files]

    def scored(self, tables: Sequence[Sequence[Row]]) -> Path:
        """Score some tables, and give the folder of the result."""
        run = self.folder / str(next(self.numbers))
        (run / "rows").mkdir(parents=True)
        for number, rows in enumerate(tables):
            table = pl.DataFrame(list(rows), strict=False, infer_schema_length=None)
            table.write_parquet(run / "rows" / file_name(number))
        with chdir(self.folder), patch.dict(os.environ, self.models):
            run_batch(str(run / "rows"), run / "out", in_threads, self.project)
        return run / "out"

    def check_own(self, predictor: Predictor, rows: Sequence[Row]) -> None:
        """Check that parts carry the key, rejected rows have reasons, and a manifest counts."""
        key = self.project.schema.key
        output = self.scored([[*rows[:20], {**rows[0], key: None}]])
        part = pl.read_parquet(sorted(output.glob("part-*.parquet")))
        keys = [row[key] for row in rows[:20]]
        require(part[key].to_list() == keys, f"batch: parts hold other {key} than the input")
        reasons = pl.read_parquet(output / "rejected.parquet").select("row", "column").rows()
        require(reasons == [(20, key)], f"batch: rejected are {reasons}, not row 20 for {key}")
        counted = read_json(output / "manifest.json", "the run has not ended")
        found = [counted.get(name) for name in ("model_version", "scored", "rejected")]
        wanted = [predictor.version, 20, 1]
        require(found == wanted, f"batch: manifest.json says {found}, not {wanted}")


def file_name(number: int) -> str:
    """Name a file so that the order of the names is that of the numbers."""
    return f"{number:04}.parquet"


def open_target(project: Project, folder: Path) -> Batch:
    """Open the target."""
    return Batch(project, folder)
