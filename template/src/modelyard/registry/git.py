"""Calls to git by the registry and by unattended retraining."""

import os
import subprocess

from ..console import UserError
from ..models.gates.holdout_ledger import git

REMOTE = "origin"
COMMIT = ("-c", f"core.hooksPath={os.devnull}", "-c", "commit.gpgSign=false")  # nobody is asked
ANONYMOUS = ("-c", "user.name=modelyard", "-c", "user.email=modelyard@localhost")


def run_git(*words: str, message: str = "", when: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run git in English, without prompts, with a placeholder identity if none is set."""
    own = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    if when:
        own["GIT_COMMITTER_DATE"] = when
    options: tuple[str, ...] = () if git("config", "user.email") else ANONYMOUS
    options += COMMIT if {"commit", "worktree"} & {*words} else ()
    command = ["git", *options, *words]
    try:
        return subprocess.run(
            command, input=message.encode(), capture_output=True, env=os.environ | own
        )
    except FileNotFoundError:
        raise UserError("git is not installed; it stores models, runs and releases") from None


def git_output(*words: str) -> bytes:
    """Run git and return its standard output; if it fails, its last line is the error."""
    done = run_git(*words)
    if done.returncode != 0:
        raise UserError(f"git {words[0]}: {error_line(done)}")
    return done.stdout


def head_commit() -> str:
    """Return the full hash of the current commit."""
    return git_output("rev-parse", "HEAD").decode().strip()


def error_line(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Return the last line that git wrote to standard error."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def file_at(commit: str, path: str) -> bytes | None:
    """Return the content of a file in a commit; None if the commit does not have it."""
    done = run_git("show", f"{commit}:./{path}")
    return done.stdout if done.returncode == 0 else None
