"""Git as a process; its English is asked for, its prompts are not."""

import os
import subprocess
from pathlib import Path

from .errors import Fault

# Without the optional locks not even a look at a repository writes into it.
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
# What a hook or a wrapping git command sets would turn our calls to another repository.
LEFT_OUT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
# Seconds that a remote may take; PATIENCE in the environment allows more or less.
LIMITS_S = {"ls-remote": 60.0, "clone": 600.0}
PATIENCE = "MODELYARD_PATIENCE_S"


def git(
    *words: str, folder: Path | None = None, codes: tuple[int, ...] = (0,), fed: bytes | None = None
) -> bytes:
    """Return what git prints; `fed` is what it reads.

    Raises:
        Fault: git is missing, or ended with a code that is not among `codes`.
    """
    done = run(*words, folder=folder, fed=fed)
    if done.returncode not in codes:
        raise Fault(f"git {words[0]}: {complaint(done)}")
    return done.stdout


def run(
    *words: str, folder: Path | None = None, fed: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return how it ended; `fed` is what it reads.

    A remote that does not answer in time is a failure.

    Raises:
        Fault: git is missing, or the limit that the environment sets is no number.
    """
    limit = _limit_s(words[0])
    try:
        return subprocess.run(
            ["git", *words],
            cwd=folder,
            env=unswayed() | QUIET,
            input=fed,
            capture_output=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        late = f"no answer within {limit:g} s; {PATIENCE} sets another limit".encode()
        return subprocess.CompletedProcess(words, 124, b"", late)
    except FileNotFoundError as missing:
        if folder is not None and not folder.is_dir():
            raise Fault(f"{folder} is not a folder") from missing
        raise Fault("git is not on PATH; install it") from missing


def complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what git says of its failure, in one line."""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    fatal = [line for line in said if line.startswith(("fatal: ", "error: "))]
    return (fatal[:1] or said[-1:] or [f"exit code {done.returncode}"])[0]


def _limit_s(word: str) -> float | None:
    told = os.environ.get(PATIENCE)
    if word not in LIMITS_S or not told:
        return LIMITS_S.get(word)
    try:
        return float(told)
    except ValueError as wrong:
        raise Fault(f"{PATIENCE} is {told!r}, must be a number of seconds") from wrong


def unswayed() -> dict[str, str]:
    """Return the environment without what would turn git to another repository."""
    return {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
