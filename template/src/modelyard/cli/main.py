"""Entry point of the command `modelyard`."""

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path

from ..choices import PYPROJECT, Choices, read_choices, runtime_version
from ..console import UserError, run
from ..project import GROUP, VARIABLE

VENDORED = Path("src/modelyard")


def main() -> None:
    """Run the command line; exit with one line on an error."""
    run(run_command_line)


def run_command_line() -> None:
    """Build the application for the project in the working folder and run the command line."""
    try:
        from .app import make_app
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "click", "rich"):
            raise
        remedy = "uv run modelyard, or uvx --from 'modelyard[lifecycle] @ git+URL' modelyard"
        raise UserError(f"{error.name} is not installed; run: {remedy}") from None
    make_app(project_choices())(prog_name="modelyard")


def project_choices() -> Choices | None:
    """Return the choices of the project in the working folder; None if none is installed there."""
    if not PYPROJECT.is_file() or "[tool.modelyard]" not in PYPROJECT.read_text("utf-8", "ignore"):
        return None
    has_option = any(word.partition("=")[0] == "--project" for word in sys.argv)
    if not (has_option or os.environ.get(VARIABLE) or entry_points(group=GROUP)):
        return None
    refuse_two_runtimes()
    return read_choices()


def refuse_two_runtimes() -> None:
    """Refuse an installed package beside `src/modelyard`: either of them might be imported."""
    if any(VENDORED.glob("*.py")) and runtime_version() and entry_points(group=GROUP):
        raise UserError(
            f"the package modelyard {runtime_version()} is installed beside {VENDORED.as_posix()}; "
            "keep one: uv venv --clear, then uv sync"
        )
