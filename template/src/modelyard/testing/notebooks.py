"""Check that notebooks run from top to bottom."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbclient import execute

from ..console import listed

FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
LONGEST_CELL_S = 120


def run_notebooks(paths: Iterable[Path], folder: Path) -> dict[str, Any]:
    """Run notebooks concurrently, each in its own folder; the files are not changed.

    Returns:
        File name to the notebook with its outputs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: str(folder / name) for name in FOLDERS}
    with patch.dict(os.environ, environment), ThreadPoolExecutor() as pool:
        started = {path.name: pool.submit(run_notebook, path) for path in paths}
        return {name: run.result() for name, run in started.items()}


def run_notebook(path: Path) -> Any:
    """Return a notebook with its outputs; cells after one that fails run, too."""
    notebook, place = nbformat.read(path, as_version=4), str(path.parent)
    return execute(notebook, cwd=place, timeout=LONGEST_CELL_S, allow_errors=True)


def check_notebook(name: str, notebook: Any) -> None:
    """Check that no cell has failed, or failed to display its output."""
    failed = [
        f"cell {cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert not failed, f"notebooks/{name}: {listed(failed)}"
