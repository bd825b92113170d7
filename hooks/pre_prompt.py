"""Stop Cookiecutter before its first question where no Copier is found to make the project."""

import re
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

REFUSAL = f"""\
error: Copier makes this project, and neither Copier was found nor uv or pipx to fetch it.
Put it beside Cookiecutter, then try again:
    "{sys.executable}" -m pip install copier
"""


def found() -> bool:
    """Tell whether Copier is here, or something that fetches it."""
    return bool(find_spec("copier") or any(map(shutil.which, ("copier", "uvx", "pipx"))))


def forget(template: Path) -> None:
    """Remove the copy of the template made for this hook, which Cookiecutter leaves if it fails."""
    desk, made = Path(tempfile.gettempdir()).resolve(), template.parent
    if made.parent == desk and re.fullmatch(r"cookiecutter[a-z0-9_]{8}", made.name):
        shutil.rmtree(made, ignore_errors=True)


if __name__ == "__main__" and not found():
    forget(Path(__file__).resolve().parent.parent)
    sys.exit(REFUSAL)
