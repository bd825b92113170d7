"""Run a small pipeline in a temporary folder: few rows, few rounds, two trials, no tracker.

`python -m modelyard.testing.small PACKAGE` trains and exports in the current folder.
"""

import os
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager, chdir, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import yaml

from ..data import prepare
from ..data.read import read_table
from ..data.tables import write_table
from ..features import table
from ..models import evaluate, export, gate, train
from ..places import PROCESSED, RAW
from ..project import Project, load
from ..tracking import tracker

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


def shorten(source: Path, folder: Path) -> None:
    """Copy `params.yaml` with a short training and a gate that accepts every candidate."""
    params = yaml.safe_load((source / "params.yaml").read_text("utf-8"))
    params["train"] |= SHORT
    params["search"]["trials"] = TRIALS
    params["gate"] = {name: LENIENT.get(name, value) for name, value in params["gate"].items()}
    (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")


def use_run(run: Any) -> AbstractContextManager[Any]:
    """Replace the tracked run of trainings."""
    return patch.object(tracker, "start_run", lambda name, params: nullcontext(run))


def run_pipeline(project: Project, source: Path, folder: Path) -> None:
    """Run all stages after `ingest`; hide the test set from all but the gate."""
    shorten(source, folder)
    shutil.copy(source / "pyproject.toml", folder)
    rows = read_table(source / RAW)
    write_table(folder / RAW, rows.gather_every(max(1, rows.height // ROWS)))
    with chdir(folder), use_run(Mock()):
        prepare.main(project)
        hidden = (PROCESSED / "test.parquet").rename("hidden.parquet")
        for stage in (table, train, export, evaluate):
            stage.main(project)
        hidden.rename(PROCESSED / "test.parquet")
        gate.main(project)


def results(folder: Path) -> dict[str, bytes]:
    """Read the results of a training: exported models and trials."""
    return {name: (folder / "models" / name).read_bytes() for name in RESULTS}


def check_reproducible(project: Project, small: Path, folder: Path) -> None:
    """Check that another process in another environment trains byte-identical models."""
    for name in ("features", PROCESSED):
        shutil.copytree(small / name, folder / name)
    shutil.copy(small / "params.yaml", folder)
    command, env = [sys.executable, "-m", __spec__.name, project.package], os.environ | ELSEWHERE
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"models/estimator.py cannot be trained again: {done.stderr}"
    first, second = results(small), results(folder)
    differing = [name for name in RESULTS if first[name] != second[name]]
    assert not differing, (
        f"models/estimator.py: a second training on the same rows gives other bytes in {differing}"
        " (another folder, hash seed, time zone, number of threads); is every seed given?"
    )


def train_here(package: str, run: Any) -> None:
    """Train and export in the current folder."""
    project = load(package)
    with use_run(run):
        train.main(project)
    export.main(project)


if __name__ == "__main__":
    train_here(sys.argv[1], Mock())
