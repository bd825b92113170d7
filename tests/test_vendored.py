"""Whatever level and targets are chosen, each module that a project has can be imported."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Render
from tests.test_budgets import COMBINATIONS

WALK = """
import importlib, json, pkgutil, sys, traceback
broken = {}
for name in ("modelyard", "flight_delays"):
    package = importlib.import_module(name)
    assert package.__path__[0].startswith(sys.argv[1]), package.__path__
    for module in pkgutil.walk_packages(package.__path__, f"{name}.", onerror=lambda _: None):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except Exception as failure:
            broken[module.name] = f"{type(failure).__name__}: {failure}"
print(json.dumps(broken))
"""
# Libraries that a tracker or Ray brings; what needs them is imported where they are installed.
OPTIONAL = ("mlflow", "ray", "wandb")
TRACKERS = [
    {"automation_level": 3, "serving_targets": ["batch"], "experiment_tracker": "mlflow"},
    {"automation_level": 1, "serving_targets": ["rest"], "experiment_tracker": "wandb"},
    {"automation_level": 2, "serving_targets": ["batch"], "scale_out": "ray"},
]


def broken(project: Path) -> dict[str, str]:
    """Return the modules of a project that cannot be imported, and why."""
    paths = {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WALK, str(project / "src")], cwd=project,
        env={**os.environ, **paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    lacking = tuple(f"No module named '{library}" for library in OPTIONAL)
    return {name: why for name, why in found.items() if not any(one in why for one in lacking)}


@pytest.mark.parametrize("answers", [*COMBINATIONS, *TRACKERS], ids=str)
def test_all_modules_of_a_project_can_be_imported(answers: dict[str, Any], render: Render) -> None:
    assert broken(render(answers)) == {}


def test_a_module_that_imports_what_was_taken_away_is_seen(render: Render, tmp_path: Path) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    (project / "src/modelyard/planted.py").write_text("from . import canary\n", "utf-8")
    assert [*broken(project)] == ["modelyard.planted"]
