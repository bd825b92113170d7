"""Canary runs of a trained project in a separate folder, and their reports."""

import json
import subprocess
from pathlib import Path

from tests.checkout import ROOT
from tools.steps import environment

MODELYARD = ("-m", "modelyard")
CANARY = (*MODELYARD, "canary")
FAULTS = ROOT / "tests" / "projects" / "spoil_model.py"


def python(trained: Path) -> list[str]:
    """Return the command that runs the trained project's Python."""
    return ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python"]


def run(trained: Path, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the trained project in a separate folder."""
    sources = {"PYTHONPATH": str(trained / "src"), "AS_OF": "2013-10-01"}
    own = environment() | sources | more
    return subprocess.run(
        [*python(trained), *words], cwd=folder, env=own, capture_output=True, text=True
    )


def add_faulty_model(trained: Path, folder: Path, fault: str) -> None:
    """Create a model with a fault next to the good one."""
    done = run(trained, folder, str(FAULTS), fault, "models", fault)
    assert done.returncode == 0, done.stderr


def read_report(folder: Path, target: str) -> tuple[str, dict[str, bool]]:
    """Return the verdict of a report, and whether each check has passed."""
    report = json.loads((folder / "reports" / "canary" / f"{target}.json").read_text("utf-8"))
    return report["verdict"], {check["name"]: check["passed"] for check in report["checks"]}
