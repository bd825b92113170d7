"""Rows per second of a project's batch target and of other ways to score a file.

Except for the limit, the whole command counts: start, read, features, predict, write.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

from benchmarks.serving.agreement import TOLERANCE
from benchmarks.serving.environments import HERE, settings
from benchmarks.serving.servers import stop
from benchmarks.serving.sides import BATCH, Side, chosen
from benchmarks.serving.spread import spread
from benchmarks.serving.trained import Trained

APPS, MOST_S = HERE / "apps", 600
Turn = dict[str, float]


@dataclass(frozen=True)
class Work:
    """A project, and a folder with the rows that all sides score."""

    project: Trained
    folder: Path
    rows: int

    def run_json(self, command: list[str]) -> dict[str, float]:
        """Run a script in the project's folder; return the JSON that it prints.

        Raises:
            SystemExit: it failed, or took more than ten minutes.
        """
        place: dict[str, Any] = {"cwd": self.project.folder, "env": settings(self.project)}
        place["start_new_session"] = True
        with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, **place) as process:
            try:
                out, errors = process.communicate(timeout=MOST_S)
            except subprocess.TimeoutExpired:
                stop(process)
                sys.exit(f"INVALID: {' '.join(command)}: not done in {MOST_S} s")
        if process.returncode:
            sys.exit(f"INVALID: {' '.join(command)}: {errors[-2000:]}")
        return dict(json.loads(out.splitlines()[-1]))

    def out(self, side: Side) -> Path:
        """Return the output folder of a side."""
        return self.folder / side.name

    def turn(self, side: Side) -> Turn:
        """Score all rows with a side."""
        shutil.rmtree(self.out(side), ignore_errors=True)
        rows, features = self.folder / "rows.parquet", self.folder / "X.npy"
        command = side.words(self.project, rows=rows, features=features, out=self.out(side))
        if side.name == "raw":
            used = self.run_json(command)
            return {"per_s": self.rows / used["wall_s"], "cpu_per_s": self.rows / used["cpu_s"]}
        start = time.perf_counter()
        used = self.run_json([sys.executable, str(APPS / "batch_measured.py"), *command])
        per_s = self.rows / (time.perf_counter() - start)
        if side.name == "ray":  # its processes are not children of the command
            return {"per_s": per_s}
        cpu_per_s = self.rows / used["cpu_s"]
        return {"per_s": per_s, "cpu_per_s": cpu_per_s, "peak_mb": used["peak_mb"]}

    def require_equal(self, ours: Side, other: Side, key: str) -> None:
        """Compare the scores that two sides wrote, row by row.

        Raises:
            SystemExit: rows are missing, or a score differs by more than 1e-5.
        """
        gap = [self.project.python, str(APPS / "batch_gap.py"), key]
        found = self.run_json([*gap, str(self.out(ours)), str(self.out(other))])
        if found["missing"] or found["rows"] != self.rows or not found["gap"] <= TOLERANCE:
            sys.exit(f"INVALID: {other.name}: {found}; allowed is a gap of {TOLERANCE:g}")


def measure(options: Namespace, project: Trained) -> dict[str, Any]:
    """Measure the chosen sides, which must return the same predictions."""
    sides = chosen(BATCH, options.peers)
    with tempfile.TemporaryDirectory() as name:
        work = Work(project, Path(name), options.rows)
        make = [project.python, str(APPS / "batch_rows.py"), project.package, str(options.rows)]
        key = str(work.run_json([*make, name])["key"])
        rounds = []
        for _ in range(options.batch_rounds):
            rounds.append({side.name: work.turn(side) for side in sides})
            for other in sides[1:]:
                work.require_equal(sides[0], other, key)
    print(f"batch, {options.rows:,} rows")
    return {"rows": options.rows, "sides": {one.name: aggregate(rounds, one.name) for one in sides}}


def aggregate(rounds: list[dict[str, Turn]], name: str) -> dict[str, Any]:
    """Aggregate the rounds of a side: its own results, and ours divided by them."""
    found: dict[str, Any] = {
        key: spread(one[name][key] for one in rounds) for key in rounds[0][name]
    }
    found["ours_throughput"] = spread(one["ours"]["per_s"] / one[name]["per_s"] for one in rounds)
    ratio = found["ours_throughput"]["median"]
    print(
        f"  {name:<8} {found['per_s']['median']:12,.0f} rows/s  ours {ratio:.2f} times", flush=True
    )
    return found
