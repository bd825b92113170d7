"""The registry of models, called as a command."""

import subprocess
import sys

from ..console import UserError

COMMAND = [sys.executable, "-m", "modelyard", "register"]


def register() -> str:
    """Register the model of the current commit, and give its tag.

    Raises:
        UserError: the registry refused it, or is not there.
    """
    done = subprocess.run(COMMAND, capture_output=True, encoding="utf-8")
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    if done.returncode != 0 or not said:
        raise UserError(f"not registered: {said[-1] if said else 'the registry said nothing'}")
    return said[-1]
