"""A training that takes a second, and one that is killed.

`python -m tests.runtime.small_training [NAME]` trains and exports in the current folder; it kills
itself, as SIGKILL does, when a file whose name begins with NAME is written but not in its place.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import polars as pl
from modelyard.places import PROCESSED
from modelyard.testing import small
from modelyard.testing.small import shorten

from tests.checkout import ROOT
from tests.runtime import example

__all__ = ["Notes", "results", "shorten", "shrink", "start", "train_here"]

ROWS = 1500
RESULTS = (*small.RESULTS, "candidate.skops", "baseline.skops")
SIGKILL = 9  # a number, since Windows has no name for it


@dataclass
class Notes:
    """A tracker that records the progress of each trial, and may kill the training."""

    stop_at: tuple[int, int] | None = None
    progressed: list[tuple[int, int]] = field(default_factory=list)

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Record a trial's number and its rounds."""
        self.progressed.append((trial, rounds))
        if (trial, rounds) == self.stop_at:
            raise KeyboardInterrupt

    def metrics(self, values: dict[str, float]) -> None:
        """Ignore the metrics."""


def results(folder: Path) -> dict[str, bytes]:
    """Read the results of a training: trained and exported models, and trials."""
    return {name: (folder / "models" / name).read_bytes() for name in RESULTS}


def shrink(project: Path, folder: Path) -> None:
    """Copy reduced inputs of the stage `train`: about 1,500 rows, stratified by the target."""
    (folder / "features").mkdir(parents=True)
    shutil.copy(project / "features" / "spec.json", folder / "features")
    for name in ("train.parquet", "validation.parquet"):
        rows = pl.read_parquet(project / "features" / name).sort("target", maintain_order=True)
        few = rows.gather_every(max(1, rows.height // ROWS))
        few.write_parquet(folder / "features" / name)
    (folder / PROCESSED).mkdir(parents=True)
    shutil.copy(project / PROCESSED / "validation.parquet", folder / PROCESSED)
    shorten(project, folder)


def train_here(notes: Notes) -> None:
    """Train and export in the current folder."""
    small.train_here(example.PACKAGE, notes)


def start(folder: Path, name: str = "", **surroundings: str) -> "subprocess.Popen[bytes]":
    """Start this module as a program in a folder; threads wait passively, as many run at once."""
    environment = example.environment(OMP_WAIT_POLICY="passive", **surroundings)
    environment["PYTHONPATH"] += os.pathsep + str(ROOT)
    command = [sys.executable, "-m", __name__, name]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def train_and_die(name: str) -> None:
    """Train until a temporary file for `name` exists, then die."""
    put = os.replace

    def die_or_put(source: Path, target: Path) -> None:
        if name and Path(target).name.startswith(name):
            os.kill(os.getpid(), SIGKILL)
        put(source, target)

    with patch.object(os, "replace", die_or_put):
        train_here(Notes())


if __name__ == "__main__":
    train_and_die(*sys.argv[1:] or [""])
