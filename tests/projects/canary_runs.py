"""A trained project's canaries, run in a folder of its own, and what they said."""

import json
import subprocess
from pathlib import Path

from tests.checkout import ROOT
from tools.steps import environment

MODELYARD = ("-m", "modelyard")
CANARY = (*MODELYARD, "canary")
FAULTS = ROOT / "tests" / "projects" / "spoil_model.py"


def python(trained: Path) -> list[str]:
    """Give the words that run the trained project's Python."""
    return ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "python"]


def told(trained: Path, folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the trained project in a folder of its own."""
    sources = {"PYTHONPATH": str(trained / "src"), "AS_OF": "2013-10-01"}
    own = environment() | sources | more
    return subprocess.run(
        [*python(trained), *words], cwd=folder, env=own, capture_output=True, text=True
    )


def spoilt(trained: Path, folder: Path, fault: str) -> None:
    """Make a model with a fault, beside the good one."""
    done = told(trained, folder, str(FAULTS), fault, "models", fault)
    assert done.returncode == 0, done.stderr


def verdict(folder: Path, target: str) -> tuple[str, dict[str, bool]]:
    """Read a report: its verdict, and whether each check has passed."""
    report = json.loads((folder / "reports" / "canary" / f"{target}.json").read_text("utf-8"))
    return report["verdict"], {check["name"]: check["passed"] for check in report["checks"]}
