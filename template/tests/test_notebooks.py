"""Every notebook, run from top to bottom as a reader would run it."""

import asyncio
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Any]:
    """The notebooks, run at the same time."""
    notebooks = {path: nbformat.read(path, as_version=4) for path in NOTEBOOKS}

    async def run() -> None:
        clients = [
            NotebookClient(
                notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}},
                allow_errors=True,
            )
            for path, notebook in notebooks.items()
        ]  # fmt: skip
        await asyncio.gather(*(client.async_execute() for client in clients))

    with pytest.MonkeyPatch.context() as patch:
        for folder in FOLDERS:
            patch.setenv(folder, str(tmp_path_factory.mktemp(folder)))
        asyncio.run(run())
    return notebooks


@pytest.mark.made
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_shows_all_its_tables_and_pictures(
    path: Path, executed: dict[Path, Any]
) -> None:
    assert failures(executed[path]) == []


def failures(notebook: Any) -> list[str]:
    """List the cells that failed, or failed to show their result, and why."""
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
