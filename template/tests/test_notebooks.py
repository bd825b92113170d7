"""Every notebook runs from top to bottom."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.testing.notebooks import check_notebook, run_notebooks

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return all notebooks with the outputs of their cells."""
    return run_notebooks(NOTEBOOKS, tmp_path_factory.mktemp("jupyter"))


@pytest.mark.made
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_runs_and_shows_its_outputs(path: Path, executed: dict[str, Any]) -> None:
    check_notebook(path.name, executed[path.name])
