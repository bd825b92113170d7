"""A project of a few files around one of the template's scripts, with stand-ins for programs."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.checkout import TEMPLATE


def make(project: Path, script: str, programs: Mapping[str, str]) -> None:
    """Write the package `flights` and the script; the programs go next to the project."""
    (project / "src" / "flights").mkdir(parents=True)
    (project / "src" / "flights" / "schema.py").touch()
    (project / "scripts").mkdir()
    shutil.copy2(TEMPLATE / "scripts" / script, project / "scripts")
    for name, text in programs.items():
        (project.parent / name).write_text(text, "utf-8")
        (project.parent / name).chmod(0o755)
