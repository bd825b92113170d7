"""Git, as the registry asks it."""

import os
import subprocess

from ..console import UserError
from ..models.gates.ledger import git

REMOTE = "origin"


def ask(*words: str) -> bytes:
    """Run git and give what it prints.

    Raises:
        UserError: it failed; the text is its last line.
    """
    done = attempt(*words)
    if done.returncode != 0:
        raise UserError(f"git {words[0]}: {reason(done)}")
    return done.stdout


def attempt(*words: str, message: str = "", when: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run git in English, and never let it ask for a password.

    Args:
        words: after `git`.
        message: what it reads from standard input.
        when: the time that a tag gets; by default it is now.

    Raises:
        UserError: there is no git.
    """
    settings = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"} | committer(when)
    command, told = ["git", *words], message.encode()
    try:
        return subprocess.run(command, input=told, capture_output=True, env=os.environ | settings)
    except FileNotFoundError:
        raise UserError("git is not there; the registry lives in its tags") from None


def committer(when: str) -> dict[str, str]:
    """Say who makes a tag and when, where git does not know it by itself."""
    settings = {"GIT_COMMITTER_DATE": when} if when else {}
    if not git("config", "user.email") and not os.environ.get("GIT_COMMITTER_EMAIL"):
        settings |= {"GIT_COMMITTER_NAME": "registry", "GIT_COMMITTER_EMAIL": "registry@localhost"}
    return settings


def reason(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Give the last line that git wrote to standard error."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def at(commit: str, path: str) -> bytes | None:
    """Give a file as it was in a commit; None if it was not there."""
    done = attempt("show", f"{commit}:./{path}")
    return done.stdout if done.returncode == 0 else None
