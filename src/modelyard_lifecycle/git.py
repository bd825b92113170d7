"""Run git as a subprocess, in English and without prompts."""

import os
import subprocess
from pathlib import Path

from .errors import UserError

# Without the optional locks, read-only commands do not write to the repository.
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
# A hook or a wrapping git command sets these; they would redirect our calls to another repository.
LEFT_OUT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
# Timeout in seconds by git command; the environment variable overrides it.
TIMEOUTS_S = {"ls-remote": 60.0, "clone": 600.0}
TIMEOUT_VARIABLE = "MODELYARD_PATIENCE_S"


def git(
    *args: str,
    folder: Path | None = None,
    exit_codes: tuple[int, ...] = (0,),
    stdin: bytes | None = None,
) -> bytes:
    """Run git and return its standard output.

    Raises:
        UserError: git is missing, or its exit code is not one of `exit_codes`.
    """
    done = run(*args, folder=folder, stdin=stdin)
    if done.returncode not in exit_codes:
        raise UserError(f"git {args[0]}: {error_message(done)}")
    return done.stdout


def run(
    *args: str, folder: Path | None = None, stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return the completed process; a timeout is reported as exit code 124.

    Raises:
        UserError: git is missing, or the timeout set in the environment is not a number.
    """
    timeout = _timeout_s(args[0])
    try:
        return subprocess.run(
            ["git", *args],
            cwd=folder,
            env=clean_environment() | QUIET,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired:
        reason = f"no answer within {timeout:g} s; set {TIMEOUT_VARIABLE} to wait longer".encode()
        return subprocess.CompletedProcess(args, 124, b"", reason)
    except FileNotFoundError as missing:
        if folder is not None and not folder.is_dir():
            raise UserError(f"{folder} is not a folder") from missing
        raise UserError("git is not on PATH; install it") from missing


def error_message(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return git's error message as one line."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return (fatal[:1] or lines[-1:] or [f"exit code {done.returncode}"])[0]


def _timeout_s(command: str) -> float | None:
    value = os.environ.get(TIMEOUT_VARIABLE)
    if command not in TIMEOUTS_S or not value:
        return TIMEOUTS_S.get(command)
    try:
        return float(value)
    except ValueError as error:
        raise UserError(f"{TIMEOUT_VARIABLE} is {value!r}, must be a number of seconds") from error


def clean_environment() -> dict[str, str]:
    """Return the environment without the variables that redirect git to another repository."""
    return {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
