"""Stop Cookiecutter before its first question if Copier is missing and cannot be fetched."""

import re
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

REFUSAL = f"""\
error: Copier generates this project, but neither Copier nor uv nor pipx was found.
Install it next to Cookiecutter, then try again:
    "{sys.executable}" -m pip install copier
"""


def copier_found() -> bool:
    """Return whether Copier is installed, or uvx or pipx, which fetch it."""
    return bool(find_spec("copier") or any(map(shutil.which, ("copier", "uvx", "pipx"))))


def remove_leftovers(template: Path) -> None:
    """Remove Cookiecutter's copy of the template, which it leaves behind if this hook fails."""
    temporary, copy = Path(tempfile.gettempdir()).resolve(), template.parent
    if copy.parent == temporary and re.fullmatch(r"cookiecutter[a-z0-9_]{8}", copy.name):
        shutil.rmtree(copy, ignore_errors=True)


if __name__ == "__main__" and not copier_found():
    remove_leftovers(Path(__file__).resolve().parent.parent)
    sys.exit(REFUSAL)
