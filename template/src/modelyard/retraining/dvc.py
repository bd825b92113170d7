"""DVC, as an unattended run asks it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ..console import UserError
from ..registry.stages import checked_out

DVC = [sys.executable, "-m", "dvc"]


def environment() -> dict[str, str]:
    """Give an environment in which a stage's `python` is the one that runs this."""
    own = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([own, os.environ.get("PATH", "")])}


def attempt(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run DVC quietly."""
    return subprocess.run(
        [*DVC, *words], capture_output=True, encoding="utf-8", errors="replace", env=environment()
    )


def ask(*words: str) -> str:
    """Run DVC and give what it prints.

    Raises:
        UserError: it failed; the text is what it said last.
    """
    done = attempt(*words)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise UserError(f"dvc {words[0]}: {said[-1].removeprefix('ERROR: ')}")
    return done.stdout


def bring() -> None:
    """Let the files of `dvc.lock` lie in the project: from the cache, else from the remote.

    Raises:
        UserError: neither has all of them.
    """
    if not Path("dvc.lock").exists() or checked_out():
        return
    if attempt("pull", "--force", "--quiet").returncode != 0:
        remotes = " ".join(ask("remote", "list").split()) or "none is set"
        raise UserError(
            "files of dvc.lock are neither in this machine's cache nor in DVC's remote "
            f"({remotes}); where they were made: uv run dvc push"
        )


def shown(*words: str) -> Iterator[str]:
    """Run DVC, show what it prints line by line, and give these lines.

    Raises:
        subprocess.CalledProcessError: it failed; comes after the last line.
    """
    command = [*DVC, *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(),
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            yield line.rstrip()
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
