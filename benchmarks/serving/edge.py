"""A project's edge bundle and ONNX Runtime alone: time per row, cold start, size."""

import json
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.serving.agreement import TOLERANCE
from benchmarks.serving.environments import HERE, settings
from benchmarks.serving.spread import spread
from benchmarks.serving.trained import Trained


def measure(options: Namespace, project: Trained) -> dict[str, Any]:
    """Build and measure a bundle."""
    environment = settings(project) | {"OMP_NUM_THREADS": "1", "EDGE_LOG": "off"}
    del environment["PYTHONPATH"]  # a bundle contains its own code
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle"
        project.modelyard("bundle", str(bundle))
        size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
        sides = rows(project, bundle, environment)
        start = starts(project, bundle, environment, options.starts)
    print(f"edge: {size:,} bytes, start {start['ratio']['median']:.2f} times the import")
    return {"sides": sides, "start": start, "bytes": size}


def rows(project: Trained, bundle: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Time rows in a process with the bundle's code.

    Raises:
        SystemExit: the predictions differ from those of ONNX Runtime alone.
    """
    script = str(HERE / "apps" / "edge_rows.py")
    command = [project.python, script, str(bundle), str(project.folder / "models")]
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    report: dict[str, Any] = json.loads(done.stdout)
    if not report["gap"] <= TOLERANCE:
        sys.exit(f"INVALID: edge scores {report['gap']} apart, allowed is {TOLERANCE:g}")
    sides: dict[str, dict[str, float]] = report["sides"]
    for side in sides.values():
        side["ours_slower"] = round(side["p50_us"] / sides["raw"]["p50_us"], 2)
    print(f"edge, a row: {sides}")
    return sides


def starts(
    project: Trained, bundle: Path, environment: dict[str, str], count: int
) -> dict[str, Any]:
    """Start the bundle and import ONNX Runtime in turns."""
    words = [[str(bundle / "run.py")], ["-c", "import onnxruntime"]]
    commands = [[project.python, *one] for one in words]
    for command in commands:
        run_s(command, environment)
    pairs = [[run_s(command, environment) for command in commands] for _ in range(count)]
    own_s, alone_s = (round(median(pair[place] for pair in pairs), 4) for place in (0, 1))
    ratio = spread(own / alone for own, alone in pairs)
    return {"bundle_s": own_s, "import_s": alone_s, "ratio": ratio}


def run_s(command: list[str], environment: dict[str, str]) -> float:
    """Run a command with empty input; return its duration in seconds.

    Raises:
        CalledProcessError: it failed.
    """
    start = time.perf_counter()
    subprocess.run(command, input=b"", capture_output=True, check=True, env=environment)
    return time.perf_counter() - start
