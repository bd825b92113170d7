"""The command as somebody types it: in this process, where that is enough, or in one of its own."""

import subprocess
import sys
from pathlib import Path

from modelyard.choices import Choices
from modelyard.cli.app import make_app
from typer.testing import CliRunner, Result

from tests.runtime import example

EVERY = Choices(3, ("rest", "batch", "edge"), "dvclive")


def ask(*words: str, choices: Choices | None = EVERY) -> Result:
    """Ask the command of a project that has chosen something, without starting a process."""
    runner = CliRunner(env={"COLUMNS": "100", "TERM": "dumb"})
    return runner.invoke(make_app(choices), words)


def run(*words: str, folder: Path = Path(), **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the command in a folder."""
    command = [sys.executable, "-m", "modelyard", *words]
    found = example.environment(**environment)
    return subprocess.run(command, cwd=folder, env=found, capture_output=True, text=True)
