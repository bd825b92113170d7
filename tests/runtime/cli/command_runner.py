"""Runs the command `modelyard`, in this process or in a subprocess."""

import subprocess
import sys
from pathlib import Path

from modelyard.choices import Choices
from modelyard.cli.app import make_app
from typer.testing import CliRunner, Result

from tests.runtime import example

ALL_CHOICES = Choices(3, ("rest", "batch", "edge"), "dvclive")


def invoke(*words: str, choices: Choices | None = ALL_CHOICES) -> Result:
    """Run a command line in this process, as in a project with these choices."""
    runner = CliRunner(env={"COLUMNS": "100", "TERM": "dumb"})
    return runner.invoke(make_app(choices), words)


def run_process(
    *words: str, folder: Path = Path(), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command line in a subprocess."""
    command = [sys.executable, "-m", "modelyard", *words]
    found = example.environment(**environment)
    return subprocess.run(command, cwd=folder, env=found, capture_output=True, text=True)
