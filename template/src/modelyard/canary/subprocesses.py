"""Subprocesses of a canary."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_command(
    command: Sequence[str], env: Mapping[str, str], folder: Path = Path(), content: bytes = b""
) -> tuple[bytes, str]:
    """Run a command in the environment `env`, with `content` as its standard input.

    Returns:
        Standard output, and the last line of standard error if it failed, else an empty text.
    """
    done = subprocess.run(
        command, cwd=folder, env=env, input=content, capture_output=True, check=False
    )
    failure = last_line(done.stderr.decode(errors="replace")) if done.returncode else ""
    return done.stdout, failure


def last_line(text: str) -> str:
    """Return the last line of a text."""
    return (text.strip().splitlines() or ["it failed without output"])[-1]
