"""Run git as a subprocess, in English and without prompts."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from shlex import join
from types import MappingProxyType

from .errors import UserError
from .git_environment import NEUTRAL, NO_HOOKS, as_variables, clean_environment
from .verbose import line_of, show

# Without the optional locks, read-only commands do not write to the repository.
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
# Timeout in seconds by git command; the environment variable overrides it.
TIMEOUTS_S = {"ls-remote": 60.0, "clone": 600.0}
TIMEOUT_VARIABLE = "MODELYARD_PATIENCE_S"
IDENTITY = ("name", "email")
NONE: Mapping[str, str] = MappingProxyType({})


def git(
    *args: str,
    folder: Path | None = None,
    exit_codes: tuple[int, ...] = (0,),
    stdin: bytes | None = None,
    settings: Mapping[str, str] = NONE,
) -> bytes:
    """Run git and return its standard output; for the arguments see `run`.

    Raises:
        UserError: git is missing, or its exit code is not one of `exit_codes`.
    """
    done = run(*args, folder=folder, stdin=stdin, settings=settings)
    if done.returncode not in exit_codes:
        raise UserError(f"git {args[0]}: {error_message(done)}")
    return done.stdout


def run(
    *args: str,
    folder: Path | None = None,
    stdin: bytes | None = None,
    settings: Mapping[str, str] = NONE,
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return the completed process; a timeout is reported as exit code 124.

    Args:
        args: git's arguments.
        folder: the working folder.
        stdin: the standard input.
        settings: git's settings for this call, which override the user's.

    Raises:
        UserError: git is missing, or the timeout set in the environment is not a number.
    """
    timeout = _timeout_s(args[0])
    try:
        done = subprocess.run(
            ["git", *args],
            cwd=folder,
            env=clean_environment() | as_variables(settings) | QUIET,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=timeout,
        )
        show(f"$ {join(['git', *args])}\n{done.stderr.decode(errors='replace')}")
        return done
    except subprocess.TimeoutExpired:
        reason = f"no answer within {timeout:g} s; set {TIMEOUT_VARIABLE} to wait longer".encode()
        return subprocess.CompletedProcess(args, 124, b"", reason)
    except FileNotFoundError as missing:
        if folder is not None and not folder.is_dir():
            raise UserError(f"{folder} is not a folder") from missing
        raise UserError("git is not on PATH; install it") from missing


def stage(folder: Path, names: Iterable[str]) -> None:
    """Stage files of a worktree by their literal paths in a folder, ignored or not.

    Raises:
        UserError: git fails.
    """
    words = ("--force", "--pathspec-from-file=-", "--pathspec-file-nul")
    listed = b"".join(b":(literal)" + os.fsencode(name) + b"\0" for name in names)
    if listed:
        git("add", *words, folder=folder, stdin=listed, settings=NEUTRAL)


def commit(
    folder: Path, message: str, *options: str, author: Mapping[str, str] | None = None
) -> None:
    """Commit what is staged in a worktree, without hooks.

    Args:
        folder: a folder of the worktree.
        message: the commit's message.
        options: more options of `git commit`.
        author: settings with an identity; None for the user of git's settings, or else the one that
            the environment names.

    Raises:
        UserError: git fails.
    """
    settings = NO_HOOKS | dict(author or {})
    if not author and run("config", "user.email", folder=folder).returncode:
        named = {part: os.environ.get(f"GIT_AUTHOR_{part.upper()}", "") for part in IDENTITY}
        settings |= {f"user.{part}": text for part, text in named.items() if text}
    words = ("--quiet", "--no-verify", *options, "--message", message)
    git("commit", *words, folder=folder, settings=settings)


def top_folder(folder: Path) -> Path:
    """Return the top folder of the repository that a folder is in.

    Raises:
        UserError: it is in none, or git refuses to read it.
    """
    done = run("rev-parse", "--show-toplevel", folder=folder)
    if done.returncode == 0:
        return Path(os.fsdecode(done.stdout).removesuffix("\n"))
    reason = error_message(done)
    if "not a git repository" in reason:
        raise UserError(f"{folder} is not in a git repository; run: git init")
    raise UserError(f"git cannot read the repository of {folder}: {reason}")


def error_message(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return git's error message as one line."""
    output = done.stderr.decode(errors="replace").strip()
    lines = output.splitlines()
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return line_of(output, (fatal[:1] or lines[-1:] or [f"exit code {done.returncode}"])[0])


def _timeout_s(command: str) -> float | None:
    value = os.environ.get(TIMEOUT_VARIABLE)
    if command not in TIMEOUTS_S or not value:
        return TIMEOUTS_S.get(command)
    try:
        return float(value)
    except ValueError as error:
        raise UserError(f"{TIMEOUT_VARIABLE} is {value!r}, must be a number of seconds") from error
