"""Commands that a canary starts, each in a process of its own."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def attempt(
    command: Sequence[str], env: Mapping[str, str], folder: Path = Path(), content: bytes = b""
) -> tuple[bytes, str]:
    """Run a command.

    Args:
        command: the program and its arguments.
        env: all of its environment.
        folder: where it runs.
        content: its standard input.

    Returns:
        What it printed; the last line with which it failed, empty if it did not.
    """
    done = subprocess.run(
        command, cwd=folder, env=env, input=content, capture_output=True, check=False
    )
    failure = last_line(done.stderr.decode(errors="replace")) if done.returncode else ""
    return done.stdout, failure


def last_line(text: str) -> str:
    """Give the last line that says something."""
    return (text.strip().splitlines() or ["it failed without a word"])[-1]
