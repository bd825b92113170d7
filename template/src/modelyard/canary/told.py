"""Another command of this project, run with a model of a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

from ..project import VARIABLE


def told(module: str, *words: str, package: str, model: Path) -> str:
    """Run a command; give the last line with which it failed, empty if it did not.

    Args:
        module: of the runtime, such as `serving.batch`.
        words: its arguments.
        package: the name of the project's package.
        model: the folder of the model that it uses.
    """
    command = [sys.executable, "-m", f"modelyard.{module}", *words]
    surroundings = os.environ | {"MODEL_DIR": str(model), VARIABLE: package}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    return last_line(done.stderr) if done.returncode else ""


def last_line(text: str) -> str:
    """Give the last line that says something."""
    return (text.strip().splitlines() or ["it failed without a word"])[-1]
