"""Where the command `modelyard` starts."""

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

from ..choices import Choices, installed, read_choices
from ..console import UserError, run
from ..project import GROUP, VARIABLE

VENDORED = Path("src/modelyard")
PYPROJECT = Path("pyproject.toml")


def main() -> None:
    """Read the project's choices and the command line, and obey."""
    run(obey)


def obey() -> None:
    """Do what the command line says.

    Raises:
        UserError: the command's own libraries are missing, or two runtimes are there.
    """
    try:
        from .app import make_app
    except ModuleNotFoundError as lack:
        if lack.name not in ("typer", "click", "rich"):
            raise
        remedy = "uvx --from 'modelyard[lifecycle] @ git+URL' modelyard, or in a project uv run"
        raise UserError(f"the command needs {lack.name}: {remedy}") from None
    make_app(chosen())(prog_name="modelyard")


def chosen() -> Choices | None:
    """Read what the project in the working folder has chosen.

    Returns:
        None if there is none, or this environment is not its own.

    Raises:
        UserError: it has chosen what cannot be, or has two runtimes.
    """
    if not PYPROJECT.is_file() or "[tool.modelyard]" not in PYPROJECT.read_text("utf-8", "ignore"):
        return None
    named = any(word.partition("=")[0] == "--project" for word in sys.argv)
    if not (named or os.environ.get(VARIABLE) or entry_points(group=GROUP)):
        return None
    refuse_two()
    return read_choices()


def refuse_two() -> None:
    """Refuse the package beside `src/modelyard`: which of them runs would be chance."""
    if any(VENDORED.glob("*.py")) and installed() and entry_points(group=GROUP):
        raise UserError(
            f"the package modelyard {installed()} is installed beside {VENDORED.as_posix()}; "
            "keep one: uv venv --clear, then uv sync"
        )
