"""The files in git that a run changes: put back whole, or committed whole."""

import os
import subprocess
from pathlib import Path

from ..console import UserError
from ..models.gates.ledger import LEDGER as LOOKS
from ..models.gates.ledger import git
from .runs import RUNS

RESULTS = ("dvc.lock", "models", "reports", RUNS.parent.as_posix())
KEPT = ("uv.lock", LOOKS.as_posix())  # what ran before may have left them changed
SHOWN = 3


def ask(*words: str) -> str:
    """Run git, which never asks for a password, and give what it prints.

    Raises:
        UserError: it failed, or there is no git.
    """
    command, own = ["git", *words], os.environ | {"GIT_TERMINAL_PROMPT": "0"} | identity()
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=own)
    except FileNotFoundError:
        raise UserError("git is not there; a run is a commit") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise UserError(f"git {words[0]}: {said[-1]}")
    return done.stdout


def identity() -> dict[str, str]:
    """Give commits a name where git knows none."""
    if git("config", "user.email"):
        return {}
    who = {"NAME": "retrain", "EMAIL": "retrain@localhost"}
    names = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in who.items()}
    return {name: os.environ.get(name, default) for name, default in names.items()}


def listed(*words: str) -> list[str]:
    """Run git and give the paths that it lists."""
    return [path for path in ask(words[0], "-z", *words[1:]).split("\0") if path]


def touched(*paths: str) -> list[str]:
    """Name what differs from the commit among some paths, new files too."""
    changed = listed("diff", "--name-only", "--relative", "HEAD", "--", *paths)
    return changed + listed("ls-files", "--others", "--exclude-standard", "--", *paths)


def refuse_unclean() -> None:
    """Refuse to run where something is not committed: a run commits, and may put files back.

    Raises:
        UserError: the text names some of it.
    """
    if git("rev-parse", "--verify", "HEAD") is None:
        raise UserError("this folder has no commit yet; git init -b main, add and commit it first")
    unclean = [path for path in touched(".") if path not in KEPT]
    if unclean:
        more = f" and {len(unclean) - SHOWN} more" if len(unclean) > SHOWN else ""
        raise UserError(f"not committed: {', '.join(unclean[:SHOWN])}{more}; commit or stash it")


def put_back() -> None:
    """Let the results be those of the commit; who looked at the test rows stays written down."""
    for path in listed("ls-files", "--others", "--exclude-standard", "--", *RESULTS):
        if path not in KEPT:
            Path(path).unlink(missing_ok=True)
    changed = listed("diff", "--name-only", "--relative", "HEAD", "--", *RESULTS)
    if back := [path for path in changed if path not in KEPT]:
        ask("checkout", "--quiet", "HEAD", "--", *back)


def commit(message: str) -> str:
    """Commit results and params, if they changed; give the commit."""
    if paths := touched(*RESULTS, "params.yaml", *KEPT):
        ask("add", "--all", "--", *paths)
        ask("commit", "--quiet", "--message", message)
    return ask("rev-parse", "HEAD").strip()


def pull(branch: str) -> None:
    """Begin with what is on a branch of `origin`.

    Raises:
        UserError: it cannot be reached, or commits here are not on it.
    """
    ask("pull", "--quiet", "--ff-only", "origin", branch)


def push(branch: str) -> None:
    """Bring commits to a branch of `origin`.

    Raises:
        UserError: it was not taken, for example because somebody else was first.
    """
    ask("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
