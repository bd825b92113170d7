"""Allowed imports between modules (`[tool.importlinter]`); importing has no side effects."""

import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import modelyard as package
import pytest

from tests.checkout import ROOT
from tests.runtime import example

LINT = (
    "import sys; from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))"
)
PLANTED = {
    "data/read.py": "from ..models import train\n",
    "serving/records.py": "import polars\n",
    "serving/edge/log.py": "import yaml\n",
    "params.py": "import flight_delays\n",
}
PREDICTOR = "import sys, modelyard.serving.predictor; print(*sys.modules)"
UNTRAINED = (
    "retraining.retraining",
    "retraining.trigger",
    "monitoring.report",
    "monitoring.replay",
)
TRAINING_ONLY = {"sklearn", "skl2onnx", "skops", "polars", "dvc", "onnx", "scipy"}


def contracts(sources: Path) -> dict[str, str]:
    """Check the runtime in a folder; return whether each import contract is kept."""
    command = [sys.executable, "-c", LINT, str(ROOT / "pyproject.toml")]
    found = os.environ | {"PYTHONPATH": str(sources)}
    output = subprocess.run(command, cwd=sources, env=found, capture_output=True, text=True).stdout
    return dict(re.findall(r"^(\w.*) (KEPT|BROKEN)\b", output, re.MULTILINE))


def loaded() -> list[str]:
    return [name for name in sys.modules if name.split(".")[0] == package.__name__]


@pytest.fixture
def _nothing_imported() -> Iterator[None]:
    """Import the package afresh, and restore the modules afterwards."""
    kept = {name: sys.modules.pop(name) for name in loaded()}
    yield
    for name in loaded():
        del sys.modules[name]
    sys.modules |= kept


def test_imports_go_one_way_and_what_serves_needs_nothing_that_trains() -> None:
    found = contracts(example.RUNTIME.parent)
    assert len(found) == len(PLANTED)
    assert {*found.values()} == {"KEPT"}


def test_an_import_against_a_contract_breaks_it(tmp_path: Path) -> None:
    shutil.copytree(example.RUNTIME, tmp_path / "modelyard")
    for name, line in PLANTED.items():
        file = tmp_path / "modelyard" / name
        file.write_text(file.read_text("utf-8") + line, "utf-8")
    assert [*contracts(tmp_path).values()] == ["BROKEN"] * len(PLANTED)


def test_predicting_loads_nothing_that_trains() -> None:
    command = [sys.executable, "-c", PREDICTOR]
    output = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "onnxruntime" in output
    assert output & TRAINING_ONLY == set()


@pytest.mark.usefixtures("_nothing_imported")
def test_importing_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    assert len(loaded()) > 30
    assert (*capfd.readouterr(), list(tmp_path.iterdir())) == ("", "", [])


def test_no_command_that_only_reads_or_decides_waits_for_scikit_learn() -> None:
    """Its import takes as long as all others of `trigger`, which schedulers start every hour."""
    names = ", ".join(f"modelyard.{name}" for name in UNTRAINED)
    command = [sys.executable, "-c", f"import sys, {names}; print(*sys.modules)"]
    output = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "polars" in output
    assert output & {"sklearn", "scipy", "skops"} == set()
