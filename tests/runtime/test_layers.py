import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import modelyard as package
import pytest
from importlinter.cli import lint_imports

PREDICTOR = "import sys, modelyard.serving.predictor; print(*sys.modules)"
TRAINING_ONLY = {"sklearn", "skl2onnx", "skops", "polars", "pandera", "dvc", "onnx", "scipy"}


def loaded() -> list[str]:
    return [name for name in sys.modules if name.split(".")[0] == package.__name__]


@pytest.fixture
def _nothing_imported() -> Iterator[None]:
    """Let the package be imported anew, and forget that afterwards."""
    kept = {name: sys.modules.pop(name) for name in loaded()}
    yield
    for name in loaded():
        del sys.modules[name]
    sys.modules |= kept


def test_imports_go_one_way() -> None:
    assert lint_imports(no_cache=True) == 0


def test_predicting_loads_nothing_that_trains() -> None:
    command = [sys.executable, "-c", PREDICTOR]
    told = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "onnxruntime" in told
    assert told & TRAINING_ONLY == set()


@pytest.mark.usefixtures("_nothing_imported")
def test_importing_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    assert len(loaded()) > 30
    assert (*capfd.readouterr(), list(tmp_path.iterdir())) == ("", "", [])
