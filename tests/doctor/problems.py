"""Small projects for the doctor: the problems of `tests/projects/swap`, and the example."""

import os
import shutil
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

import yaml

from modelyard_doctor.run import Report, examine
from tests.checkout import ROOT, TEMPLATE
from tests.runtime import example

SWAP = ROOT / "tests" / "projects" / "swap"
TABLE = "data/sample/flights.parquet"


def make(problem: str, root: Path, package: str) -> None:
    """Write the files of a problem that the doctor reads, with a package of this name."""
    (root / "pyproject.toml").write_text(example.PYPROJECT, "utf-8")
    if problem == "flights":
        shutil.copytree(example.OWN, root / "src" / package)
        shutil.copytree(TEMPLATE / "tests", root / "tests")
        (root / TABLE).parent.mkdir(parents=True)
        shutil.copy(TEMPLATE / TABLE, root / TABLE)
        (root / "params.yaml").write_text(yaml.safe_dump(example.params()), "utf-8")
        return
    (root / "data" / "sample").mkdir(parents=True)
    shutil.copytree(SWAP / problem / "src" / "package", root / "src" / package)
    shutil.copytree(SWAP / problem / "tests", root / "tests")
    shutil.copy(SWAP / problem / "params.yaml", root)


def edit(root: Path, package: str, file: str, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file, which is created without an old text."""
    path = root / file.replace("PACKAGE", f"src/{package}")
    if not old:
        path.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text("utf-8") if old else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else new, "utf-8")


def examined(root: Path, package: str, monkeypatch: Any) -> Report:
    """Run the doctor in this process; the package has a name that nothing has imported."""
    places = [str(root / "src"), str(TEMPLATE / "src")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
    monkeypatch.setattr(sys, "path", [places[0], *sys.path])
    with chdir(root):
        return examine(root, package)
