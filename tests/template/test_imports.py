"""Tests that every module of a project can be imported, for each level and set of targets."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import Render
from tests.template import importing
from tests.template.test_budgets import COMBINATIONS

# Modules that need libraries of a tracker or of Ray are imported where these are installed.
OPTIONAL = ("mlflow", "ray", "wandb")
TRACKERS: list[dict[str, Any]] = [
    {"automation_level": 1, "serving_targets": ["rest"], "experiment_tracker": "wandb"},
    {"automation_level": 3, "serving_targets": ["batch"], "experiment_tracker": "mlflow"},
    {"automation_level": 2, "serving_targets": ["batch"], "scale_out": "ray"},
]
EVERYTHING: dict[str, Any] = {
    "automation_level": 3, "serving_targets": ["rest", "batch", "edge"], "scale_out": "ray",
}  # fmt: skip


def import_errors(projects: list[Path]) -> dict[str, dict[str, str]]:
    """Return the import errors of each project by module."""
    command = [sys.executable, importing.__file__, *map(str, projects)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return {name: without_optional(errors) for name, errors in found.items()}


def without_optional(errors: dict[str, str]) -> dict[str, str]:
    """Return the errors except those of missing optional libraries."""
    lacking = tuple(f"No module named '{library}" for library in OPTIONAL)
    return {name: why for name, why in errors.items() if not any(one in why for one in lacking)}


def test_all_modules_of_all_projects_can_be_imported(render: Render) -> None:
    projects = {render(one): one for one in [*COMBINATIONS, *TRACKERS, EVERYTHING]}
    found = import_errors([*projects])
    assert len(found) == 25
    assert {str(projects[Path(name)]): errors for name, errors in found.items() if errors} == {}


def test_an_import_of_an_excluded_module_is_detected(render: Render, tmp_path: Path) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    (project / "src/modelyard/planted.py").write_text("from . import canary\n", "utf-8")
    assert "modelyard.planted" in import_errors([project])[str(project)]
    assert "src/modelyard/canary" not in " ".join(importing.modules(project))
