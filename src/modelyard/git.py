"""Git as a process; its English is asked for, its prompts are not."""

import os
import subprocess
from pathlib import Path

from .faults import Fault

QUIET = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
# What a hook or a wrapping git command sets would turn our calls to another repository.
LEFT_OUT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def git(
    *words: str, folder: Path | None = None, codes: tuple[int, ...] = (0,), fed: bytes | None = None
) -> bytes:
    """Return what git prints; `fed` is what it reads.

    Raises:
        Fault: git is missing, or ended with a code that is not among `codes`.
    """
    done = run(*words, folder=folder, fed=fed)
    if done.returncode not in codes:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Fault(f"git {words[0]}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout


def run(
    *words: str, folder: Path | None = None, fed: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return how it ended; `fed` is what it reads.

    Raises:
        Fault: git is missing.
    """
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    try:
        return subprocess.run(
            ["git", *words],
            cwd=folder, env=kept | QUIET, input=fed, capture_output=True, check=False,
        )  # fmt: skip
    except FileNotFoundError as missing:
        if folder is not None and not folder.is_dir():
            raise Fault(f"{folder} is not a folder") from missing
        raise Fault("git is not on PATH; install it") from missing
