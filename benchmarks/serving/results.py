"""The figures as they are kept, and the machine that they were taken on."""

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
    """Read what was kept; empty if there is nothing."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def keep(part: str, found: dict[str, Any], path: Path = KEPT) -> None:
    """Put a part's figures in the place of those that were kept."""
    text = json.dumps(read(path) | {part: found}, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def circumstances(sides: list[Side], project: Trained) -> dict[str, Any]:
    """Tell when, where and with which versions a part is measured."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(project.python, OURS),
        "peers": {
            side.name: versions(python_for(side.requirements, project), named(side))
            for side in sides
            if side.requirements
        },
    }


def machine() -> dict[str, Any]:
    """Describe this machine."""
    system = f"{platform.system()} {platform.machine()}"
    found = {"system": system, "processor": processor(), "python": platform.python_version()}
    return found | {"cores": os.cpu_count()}


def processor() -> str:
    """Give the processor's name, as far as the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def named(side: Side) -> tuple[str, ...]:
    """Name the packages that a side's requirements name."""
    text = (HERE / "requirements" / f"{side.requirements}.txt").read_text("utf-8")
    return tuple(line.partition("==")[0].partition("[")[0] for line in text.split())


def versions(python: str, packages: tuple[str, ...]) -> dict[str, str]:
    """Give the versions of packages that a Python has."""
    command = [python, "-c", VERSIONS, *packages]
    done = subprocess.run(command, capture_output=True, check=True)
    return dict(json.loads(done.stdout))
