"""Virtual environments for the peers' packages, one for each under build/peers/."""

import os
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from benchmarks.serving.trained import Trained
from tools.steps import environment

HERE = Path(__file__).absolute().parent
PEERS = HERE.parents[1] / "build" / "peers"
QUIET = {  # disables the peers' telemetry
    "BENTOML_DO_NOT_TRACK": "True",
    "DO_NOT_TRACK": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "RAY_USAGE_STATS_ENABLED": "0",
}


def python_for(requirements: str, project: Trained) -> str:
    """Return the Python with a peer's packages, after installing them if necessary.

    Args:
        requirements: name of a file in `requirements/`, without suffix; empty: the project's.
        project: its Python is the base of the environment.
    """
    if not requirements:
        return project.python
    wanted, folder = HERE / "requirements" / f"{requirements}.txt", PEERS / requirements
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    kept = folder / "installed.txt"
    if not kept.exists() or kept.read_bytes() != wanted.read_bytes():
        print(f"installing {requirements} into {folder}", file=sys.stderr)
        uv = find_uv_bin()
        subprocess.run([uv, "venv", "-q", "--clear", "-p", project.python, folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", python, "-r", wanted], check=True)
        kept.write_bytes(wanted.read_bytes())
    return str(python)


def settings(project: Trained) -> dict[str, str]:
    """Return a side's environment variables, with the paths of model, runtime and project."""
    paths = [str(project.folder / "src"), str(HERE / "apps")]
    own = {"BENCHMARK_PACKAGE": project.package, "BENCHMARK_MODELS": str(project.folder / "models")}
    return {**environment(), **QUIET, **own, "PYTHONPATH": os.pathsep.join(paths)}
