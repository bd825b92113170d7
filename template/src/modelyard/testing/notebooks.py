"""Check that notebooks run from top to bottom."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient

from ..console import listed

FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
LONGEST_CELL_S = 120


def run_notebooks(paths: Iterable[Path], folder: Path) -> dict[str, Any]:
    """Run notebooks concurrently, each in its own folder; the files are not changed.

    Returns:
        File name to the notebook with its outputs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    read = {path: nbformat.read(path, as_version=4) for path in paths}
    with patch.dict(os.environ, {name: str(folder / name) for name in FOLDERS}):
        asyncio.run(_run_all(read))
    return {path.name: notebook for path, notebook in read.items()}


async def _run_all(read: Mapping[Path, Any]) -> None:
    clients = [
        NotebookClient(
            notebook,
            timeout=LONGEST_CELL_S,
            resources={"metadata": {"path": str(path.parent)}},
            allow_errors=True,
        )
        for path, notebook in read.items()
    ]
    await asyncio.gather(*(client.async_execute() for client in clients))


def check_notebook(name: str, notebook: Any) -> None:
    """Check that no cell has failed, or failed to display its output."""
    failed = [
        f"cell {cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    assert not failed, f"notebooks/{name}: {listed(failed)}"
