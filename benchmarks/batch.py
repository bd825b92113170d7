"""Rows that a project's batch target scores in a second, beside ONNX Runtime on an array in memory.

Run `make demo` first, then: .venv/bin/python -m benchmarks.batch (benchmarks/README.md says more).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rest import python_of
from tools.steps import environment

HERE = Path(__file__).absolute().parent
FLOOR = 0.8
MOST_MB = 600


@dataclass(frozen=True)
class Turn:
    """Rows per second of the run by the clock and by the processor, and the peak of memory."""

    by_clock: float
    by_processor: float
    peak_mb: float = 0.0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("build/demo"), help="a trained one")
    parser.add_argument("--package", default="flight_delays", help="its package's name")
    parser.add_argument("--rows", type=int, default=1_300_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def told(command: list[str], cwd: Path) -> dict[str, float]:
    """Run a script that ends with a line of JSON."""
    options: dict[str, Any] = {"capture_output": True, "text": True, "check": False}
    done = subprocess.run(command, cwd=cwd, env=environment(), **options)
    if done.returncode:
        sys.exit(f"{command}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def ours(python: str, options: argparse.Namespace, work: Path) -> Turn:
    """Score the file by the command, start and end included."""
    shutil.rmtree(work / "out", ignore_errors=True)
    command = ["-m", f"{options.package}.serving.batch", str(work / "rows.parquet")]
    start = time.perf_counter()
    measured = [python, str(HERE / "batch_measured.py"), python, *command, str(work / "out")]
    used = told(measured, options.project)
    seconds = time.perf_counter() - start
    return Turn(options.rows / seconds, options.rows / used["cpu_s"], used["peak_mb"])


def raw(python: str, options: argparse.Namespace, work: Path) -> Turn:
    """Score the features, which are in memory already; nothing else counts."""
    script = str(HERE / "batch_raw.py")
    used = told([python, script, "models/model.onnx", str(work / "X.npy")], options.project)
    return Turn(options.rows / used["wall_s"], options.rows / used["cpu_s"])


def report(pairs: list[tuple[Turn, Turn]], rows: int) -> bool:
    """Print medians and ratios; tell whether the claims hold."""
    for name, place in (("batch, whole command", 0), ("InferenceSession.run", 1)):
        clock = median(pair[place].by_clock for pair in pairs)
        cpu = median(pair[place].by_processor for pair in pairs)
        print(f"{name:<24} {clock:>12,.0f} rows/s {cpu:>12,.0f} rows per second of processor")
    ratios = sorted(own.by_clock / other.by_clock for own, other in pairs)
    cpu = median(own.by_processor / other.by_processor for own, other in pairs)
    peak = max(own.peak_mb for own, _ in pairs)
    print(f"ratio, pair by pair      {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"ratio by processor       {cpu:.2f}")
    print(f"peak memory, {rows:,} rows: {peak:.0f} MB")
    return median(ratios) >= FLOOR and peak < MOST_MB


def main() -> None:
    """Make the rows, take turns, report."""
    options = arguments()
    options.project = options.project.absolute()
    python = python_of(options.project)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make = [python, str(HERE / "batch_rows.py"), options.package, str(options.rows), name]
        told(make, options.project)
        pairs = [
            (ours(python, options, work), raw(python, options, work)) for _ in range(options.rounds)
        ]
    sys.exit(0 if report(pairs, options.rows) else 1)


if __name__ == "__main__":
    main()
