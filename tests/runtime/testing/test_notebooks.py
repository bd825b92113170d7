import json
from pathlib import Path

import nbformat
import pytest
from modelyard.testing.notebooks import check_notebook, run_notebooks


def notebook(folder: Path, name: str, *cells: str) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    (folder / name).write_text(json.dumps(made), "utf-8")
    return folder / name


def test_a_cell_that_fails_or_shows_nothing_is_named(tmp_path: Path) -> None:
    shows = "class Odd:\n    def _repr_html_(self):\n        return 1 / 0\nOdd()"
    paths = [
        notebook(tmp_path, "good.ipynb", "from pathlib import Path", "Path('good.ipynb').stat()"),
        notebook(tmp_path, "bad.ipynb", "1 + 1", "1 / 0", "x"),
        notebook(tmp_path, "silent.ipynb", shows),
    ]
    before = [path.read_bytes() for path in paths]
    executed = run_notebooks(paths, tmp_path / "jupyter")
    check_notebook("good.ipynb", executed["good.ipynb"])
    message = r"^notebooks/bad\.ipynb: cell \S+: ZeroDivisionError: .*, cell \S+: NameError"
    with pytest.raises(AssertionError, match=message):
        check_notebook("bad.ipynb", executed["bad.ipynb"])
    with pytest.raises(AssertionError, match=r"^notebooks/silent\.ipynb: .*ZeroDivisionError"):
        check_notebook("silent.ipynb", executed["silent.ipynb"])
    assert [path.read_bytes() for path in paths] == before
