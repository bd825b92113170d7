"""The stored results, and the machine on which they were measured."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.serving.environments import HERE, python_for
from benchmarks.serving.sides import Side
from benchmarks.serving.trained import Trained

KEPT = HERE / "results.json"
VERSIONS = (
    "import importlib.metadata as found, json, sys; "
    "print(json.dumps({name: found.version(name) for name in sys.argv[1:]}))"
)
OURS = ("fastapi", "numpy", "onnxruntime", "polars", "scikit-learn", "uvicorn")


def read(path: Path = KEPT) -> dict[str, Any]:
    """Return the stored results; empty if there are none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def keep(part: str, found: dict[str, Any], path: Path = KEPT) -> None:
    """Replace the stored results of a part."""
    text = json.dumps(read(path) | {part: found}, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def circumstances(sides: list[Side], project: Trained) -> dict[str, Any]:
    """Return date, machine and versions of a measurement."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(project.python, OURS),
        "peers": {
            side.name: versions(python_for(side.requirements, project), required_packages(side))
            for side in sides
            if side.requirements
        },
    }


def machine() -> dict[str, Any]:
    """Return the properties of this machine."""
    system = f"{platform.system()} {platform.machine()}"
    found = {"system": system, "processor": processor(), "python": platform.python_version()}
    return found | {"cores": os.cpu_count()}


def processor() -> str:
    """Return the name of the processor, if known."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def required_packages(side: Side) -> tuple[str, ...]:
    """Return the packages in a side's requirements."""
    text = (HERE / "requirements" / f"{side.requirements}.txt").read_text("utf-8")
    return tuple(line.partition("==")[0].partition("[")[0] for line in text.split())


def versions(python: str, packages: tuple[str, ...]) -> dict[str, str]:
    """Return the installed versions of packages in a Python environment."""
    command = [python, "-c", VERSIONS, *packages]
    done = subprocess.run(command, capture_output=True, check=True)
    return dict(json.loads(done.stdout))
