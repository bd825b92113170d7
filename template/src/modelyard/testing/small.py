"""The whole pipeline in a folder of its own: few rows, few rounds, two trials, no tracker.

`python -m modelyard.testing.small PACKAGE` trains and exports once more in the current folder.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import yaml

from ..data import prepare, snapshot
from ..data.read import read_table
from ..features import table
from ..models import evaluate, export, gate, train
from ..places import PROCESSED, RAW
from ..project import Ingest, Project, load
from ..tracking import start
from .assertions import require

ROWS = 4000
SHORT = {"rounds": 12, "checkpoint_every": 4}
TRIALS = 2
LENIENT: dict[str, Any] = {
    "floors": {},
    "over_baseline": {},
    "slice_floors": {},
    "serving": {"resamples": 100, "confidence": 0.95, "tolerance": 1e9, "slice_tolerance": 1e9},
    "history": {"last": 1, "tolerance": 1e9, "first_tolerance": 1e9, "min_rows": 1},
    "fairness": {"limits": {}, "min_group_rows": 1},
    "budget": {"bytes": 10**9, "row": 1e9, "thousand_rows": 1e9},
    "test_rows": {"candidates": 99},
}
RESULTS = ("candidate.onnx", "baseline.onnx", "trials.json")
ELSEWHERE = {
    **{"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    **{"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"},
}


class Fewer(Project):
    """A project that ingests every n-th row of the snapshot that is there already."""

    @property
    def ingest(self) -> Ingest:
        """The function that gives the rows."""

        def some(as_of: date) -> pl.DataFrame:
            rows = read_table(Path("whole.parquet"))
            return rows.gather_every(max(1, rows.height // ROWS))

        return some


class Silent:
    """A tracker that records nothing."""

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Forget how far a trial has grown."""

    def metrics(self, values: dict[str, float]) -> None:
        """Forget the metrics."""

    def artifact(self, path: Path) -> None:
        """Forget the file."""


@contextmanager
def untracked() -> Iterator[None]:
    """Let trainings be recorded nowhere."""
    with patch.object(start, "start_run", lambda name, params: nullcontext(Silent())):
        yield


def shortened(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give the content of a `params.yaml` with a short training and a gate that lets all pass."""
    short = dict(params)
    short["train"] = short["train"] | SHORT
    short["search"] = short["search"] | {"trials": TRIALS}
    short["gate"] = short["gate"] | LENIENT
    return short


def run_pipeline(project: Project, source: Path, folder: Path) -> None:
    """Run all steps from the snapshot to the gate; the test rows are there only when they may be.

    Args:
        project: the project's own part.
        source: the project's folder, in which ingest has run.
        folder: an empty one.
    """
    params = yaml.safe_load((source / "params.yaml").read_text("utf-8"))
    (folder / "params.yaml").write_text(yaml.safe_dump(shortened(params)), "utf-8")
    shutil.copy(source / RAW, folder / "whole.parquet")
    fewer = Fewer(project.package, project.schema, project.build)
    with chdir(folder), untracked():
        for early in (snapshot, prepare):
            early.main(fewer)
        hidden = (PROCESSED / "test.parquet").rename("hidden.parquet")
        for step in (table, train, export, evaluate):
            step.main(fewer)
        hidden.rename(PROCESSED / "test.parquet")
        gate.main(fewer)


def results(folder: Path) -> dict[str, bytes]:
    """Read what a training has made: the exported models and the results of the trials."""
    return {name: (folder / "models" / name).read_bytes() for name in RESULTS}


def check_reproducible(project: Project, small: Path, folder: Path) -> None:
    """Check that a process with other settings trains, elsewhere, the same model to the byte.

    Args:
        project: the project's own part.
        small: where the pipeline has run.
        folder: another one, empty.

    Raises:
        AssertionError: a file differs, or the training fails.
    """
    shutil.copytree(small / "features", folder / "features")
    shutil.copy(small / "params.yaml", folder)
    command = [sys.executable, "-m", __spec__.name, project.package]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | ELSEWHERE, capture_output=True, text=True
    )
    require(done.returncode == 0, f"models/estimator.py cannot be trained again: {done.stderr}")
    first, second = results(small), results(folder)
    differing = [name for name in RESULTS if first[name] != second[name]]
    require(
        not differing,
        f"models/estimator.py: a second training on the same rows gives other bytes in {differing}"
        " (another folder, hash seed, time zone, number of threads); is every seed given?",
    )


def train_again(package: str) -> None:
    """Train and export in the current folder."""
    project = load(package)
    with untracked():
        train.main(project)
    export.main(project)


if __name__ == "__main__":
    train_again(sys.argv[1])
