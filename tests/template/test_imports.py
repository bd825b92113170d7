"""Tests that every module of a project can be imported, for each level and set of targets."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(scope="module")
def planted(render: Render, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a module that imports one that the answers exclude."""
    project = Path(shutil.copytree(render({}), tmp_path_factory.mktemp("planted") / "project"))
    (project / "src/modelyard/planted.py").write_text("from . import canary\n", "utf-8")
    return project


@pytest.fixture(scope="module")
def found(render: Render, planted: Path) -> dict[str, dict[str, str]]:
    """The import errors of all projects; the last one imports all libraries."""
    everything = [*COMBINATIONS, *TRACKERS, EVERYTHING]
    return import_errors([planted, *map(render, everything)])


def test_all_modules_of_all_projects_can_be_imported(
    render: Render, planted: Path, found: dict[str, dict[str, str]]
) -> None:
    projects = {str(render(one)): one for one in [*COMBINATIONS, *TRACKERS, EVERYTHING]}
    assert found.keys() == {*projects, str(planted)}
    assert len(projects) == 25
    assert {str(one): found[name] for name, one in projects.items() if found[name]} == {}


def test_an_import_of_an_excluded_module_is_detected(
    planted: Path, found: dict[str, dict[str, str]]
) -> None:
    assert "modelyard.planted" in found[str(planted)]
    assert "src/modelyard/canary" not in " ".join(importing.modules(planted))
