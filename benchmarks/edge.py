"""A project's edge bundle beside ONNX Runtime alone: a row's answer, the start, the size.

Run `make demo` first, then: .venv/bin/python -m benchmarks.edge (benchmarks/README.md says more).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rest import python_of

HERE = Path(__file__).absolute().parent
COLD_START, STREAM, MOST_BYTES = 1.3, 1.5, 1_000_000
IMPORT = ["-c", "import onnxruntime"]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=Path("build/demo"), help="a trained one")
    parser.add_argument("--package", default="flight_delays", help="its package's name")
    parser.add_argument("--starts", type=int, default=15)
    return parser.parse_args()


def run_s(command: list[str], environment: dict[str, str]) -> float:
    """Run a command with an empty input; give the seconds that it took.

    Raises:
        CalledProcessError: it failed.
    """
    start = time.perf_counter()
    subprocess.run(command, input=b"", capture_output=True, check=True, env=environment)
    return time.perf_counter() - start


def starts(python: str, bundle: Path, environment: dict[str, str], count: int) -> float:
    """Start the bundle and import ONNX Runtime in turns; print and give the median ratio."""
    commands = [[python, str(bundle / "run.py")], [python, *IMPORT]]
    for command in commands:
        run_s(command, environment)
    pairs = [[run_s(command, environment) for command in commands] for _ in range(count)]
    ratios = sorted(own / alone for own, alone in pairs)
    own_s, alone_s = (median(pair[place] for pair in pairs) for place in (0, 1))
    print(f"cold start      {own_s:.3f} s, importing onnxruntime {alone_s:.3f} s")
    print(f"                {median(ratios):.2f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    return median(ratios)


def rows(python: str, bundle: Path, project: Path, environment: dict[str, str]) -> float:
    """Time rows in a process of the bundle's code; print all, give the ratio of rows together."""
    command = [python, str(HERE / "edge_rows.py"), str(bundle), str(project / "models")]
    told = subprocess.run(command, capture_output=True, check=True, env=environment).stdout
    found: dict[str, Any] = json.loads(told)
    raw = found.pop("raw")
    print(f"session.run     {raw:.1f} µs of one row, median, called in turn with the others")
    for name, value in found.items():
        print(f"{name:<15} {value:.1f} µs, {value / raw:.2f} times")
    return float(found["a row of 100"] / raw)


def main() -> None:
    """Build a bundle and measure; exit 1 if its start or its size exceed what is claimed."""
    options = arguments()
    project = options.project.absolute()
    python = python_of(project)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "EDGE_LOG": "off"}
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        build = [python, "-m", f"{options.package}.serving.edge", str(bundle)]
        subprocess.run(build, cwd=project, check=True, capture_output=True)
        size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
        print(f"size            {size:,} bytes")
        stream = rows(python, bundle, project, environment)
        start = starts(python, bundle, environment, options.starts)
    if start > COLD_START or stream > STREAM or size > MOST_BYTES:
        sys.exit(
            f"claimed: {STREAM} times for a row of 100, {COLD_START} for the start, {MOST_BYTES}"
        )


if __name__ == "__main__":
    main()
