"""Git, as the registry and an unattended run call it."""

import os
import subprocess

from ..console import UserError
from ..models.gates.holdout_ledger import git

REMOTE = "origin"
NOBODY = ("-c", "user.name=modelyard", "-c", "user.email=modelyard@localhost")


def attempt(*words: str, message: str = "", when: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run git in English; it never asks for a password, and commits without a name as nobody.

    Args:
        words: after `git`.
        message: what it reads from standard input.
        when: the time that a tag gets; by default it is now.

    Raises:
        UserError: there is no git.
    """
    own = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    if when:
        own["GIT_COMMITTER_DATE"] = when
    command = ["git", *(() if git("config", "user.email") else NOBODY), *words]
    try:
        return subprocess.run(
            command, input=message.encode(), capture_output=True, env=os.environ | own
        )
    except FileNotFoundError:
        raise UserError("git is not there; it keeps models, runs and releases") from None


def ask(*words: str) -> bytes:
    """Run git and give what it prints.

    Raises:
        UserError: it failed; the text is its last line.
    """
    done = attempt(*words)
    if done.returncode != 0:
        raise UserError(f"git {words[0]}: {reason(done)}")
    return done.stdout


def head() -> str:
    """Give the current commit, in full."""
    return ask("rev-parse", "HEAD").decode().strip()


def paths(*words: str) -> list[str]:
    """Run git and give the paths that it lists."""
    return [path for path in ask(words[0], "-z", *words[1:]).decode().split("\0") if path]


def reason(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Give the last line that git wrote to standard error."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def at(commit: str, path: str) -> bytes | None:
    """Give a file as it was in a commit; None if it was not there."""
    done = attempt("show", f"{commit}:./{path}")
    return done.stdout if done.returncode == 0 else None
