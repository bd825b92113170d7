"""The small template, and the command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.modelyard.family import born, make_template
from tests.repository import ROOT

Done = subprocess.CompletedProcess[str]
Modelyard = Callable[..., Done]


@pytest.fixture(scope="session")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small template; nobody may change it."""
    return make_template(tmp_path_factory.mktemp("family") / "template")


@pytest.fixture
def child(family: Path, tmp_path: Path) -> Path:
    """Return a project of the small template's first release."""
    return born(family, tmp_path / "project")


@pytest.fixture
def modelyard() -> Modelyard:
    """Return the command line."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "COLUMNS": "100"}

    def run(*words: str | Path) -> Done:
        command = [sys.executable, "-m", "modelyard", *map(str, words)]
        return subprocess.run(
            command, env=surroundings, capture_output=True, encoding="utf-8", check=False
        )

    return run
