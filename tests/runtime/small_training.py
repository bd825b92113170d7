"""A training that takes a second: few rows, few rounds, two trials, no tracker.

`python -m tests.runtime.small_training [NAME]` trains and exports in the current folder; it kills
itself, as SIGKILL does, when a file whose name begins with NAME is written but not in its place.
"""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import polars as pl
import yaml
from modelyard.models import export, train
from modelyard.project import load
from modelyard.testing.small import shortened
from modelyard.tracking import start as tracking

from tests.repository import ROOT
from tests.runtime import example

ROWS = 1500
SIGKILL = 9  # a number, since Windows has no name for it


@dataclass
class Notes:
    """A tracker that remembers how far each trial has grown, and may stop a training there."""

    stop_at: tuple[int, int] | None = None
    progressed: list[tuple[int, int]] = field(default_factory=list)

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Remember a trial's number and its rounds."""
        self.progressed.append((trial, rounds))
        if (trial, rounds) == self.stop_at:
            raise KeyboardInterrupt

    def metrics(self, values: dict[str, float]) -> None:
        """Forget the metrics."""

    def artifact(self, path: Path) -> None:
        """Forget the file."""


def shrink(project: Path, folder: Path) -> None:
    """Copy what the step `train` reads, made small."""
    (folder / "features").mkdir(parents=True)
    shutil.copy(project / "features" / "spec.json", folder / "features")
    for name in ("train.parquet", "validation.parquet"):
        few = evenly_drawn(pl.read_parquet(project / "features" / name))
        few.write_parquet(folder / "features" / name)
    shorten(project, folder)


def shorten(project: Path, folder: Path) -> None:
    """Copy `params.yaml` with a short training, and a gate that lets every candidate pass."""
    params = yaml.safe_load((project / "params.yaml").read_text("utf-8"))
    (folder / "params.yaml").write_text(yaml.safe_dump(shortened(params)), "utf-8")


def evenly_drawn(table: pl.DataFrame) -> pl.DataFrame:
    """Draw about 1,500 rows evenly over the target, so that each class has its share."""
    step = max(1, table.height // ROWS)
    return table.sort("target", maintain_order=True).gather_every(step)


def train_here(notes: Notes) -> None:
    """Train and export in the current folder."""
    project = load(example.PACKAGE)
    with patch.object(tracking, "start_run", lambda name, params: nullcontext(notes)):
        train.main(project)
    export.main(project)


def results(folder: Path) -> dict[str, bytes]:
    """Read what a training has made: the exported models and the results of the trials."""
    names = ("candidate.onnx", "baseline.onnx", "trials.json")
    return {name: (folder / "models" / name).read_bytes() for name in names}


def start(folder: Path, name: str = "", **surroundings: str) -> subprocess.Popen[bytes]:
    """Start this module as a program in a folder; many may run at once, so that none may spin."""
    environment = example.environment(OMP_WAIT_POLICY="passive", **surroundings)
    environment["PYTHONPATH"] += os.pathsep + str(ROOT)
    command = [sys.executable, "-m", __name__, name]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)


def train_and_die(name: str) -> None:
    """Train until a file whose name begins with `name` stands beside its place."""
    put = os.replace

    def die_or_put(source: Path, target: Path) -> None:
        if name and Path(target).name.startswith(name):
            os.kill(os.getpid(), SIGKILL)
        put(source, target)

    with patch.object(os, "replace", die_or_put):
        train_here(Notes())


if __name__ == "__main__":
    train_and_die(*sys.argv[1:] or [""])
