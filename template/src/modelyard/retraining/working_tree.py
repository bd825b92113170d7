"""Files in git that a run changes: listed, restored, committed."""

import time
from pathlib import Path

from ..console import UserError
from ..models.gates.holdout_ledger import LEDGER as TEST_ROWS
from ..registry.events import join_first
from ..registry.git import git_output, head_commit, list_paths, run_git
from .ledger import RUNS

LOCK_TIMEOUT_S = 3.0  # another git command takes less
RESULTS = ("params.yaml", "dvc.lock", "models", "reports", RUNS.parent.as_posix())
PRESERVED = ("uv.lock", TEST_ROWS.as_posix())  # may be modified before a run, never restored


def modified(*places: str) -> list[str]:
    """Return the modified tracked files in `places`, by default in the results."""
    return list_paths("diff", "--name-only", "--relative", "HEAD", "--", *(places or RESULTS))


def untracked(*places: str) -> list[str]:
    """Return the untracked, not ignored files in `places`, by default in the results."""
    return list_paths("ls-files", "--others", "--exclude-standard", "--", *(places or RESULTS))


def refuse_unclean() -> None:
    """Refuse uncommitted changes: a run commits files, and may restore them."""
    if run_git("rev-parse", "--verify", "HEAD").returncode != 0:
        raise UserError("the repository has no commit; run: git init -b main, git add and commit")
    if unclean := [path for path in modified(".") + untracked(".") if path not in PRESERVED]:
        raise UserError(f"not committed: {join_first(unclean)}; commit or stash it")


def restore() -> None:
    """Restore the results of the commit, but keep the ledger of uses of the test set."""
    git_output("reset", "--quiet")
    for path in untracked():
        if path not in PRESERVED:
            Path(path).unlink(missing_ok=True)
    if changed := [path for path in modified() if path not in PRESERVED]:
        git_output("checkout", "--quiet", "HEAD", "--", *changed)


def release_locks() -> None:
    """Delete locks that a killed git command has left, after other commands had time to end."""
    folder = Path(git_output("rev-parse", "--absolute-git-dir").decode().strip())
    end = time.monotonic() + LOCK_TIMEOUT_S
    while locks := [*folder.glob("*.lock"), *folder.glob("refs/**/*.lock")]:
        if time.monotonic() > end:
            for lock in locks:
                lock.unlink(missing_ok=True)
        time.sleep(0.2)


def last_message() -> str:
    """Return the first line of the current commit's message."""
    return git_output("log", "--max-count=1", "--format=%s").decode().strip()


def commit(message: str) -> str:
    """Commit results and params if they changed; return the current commit."""
    places = (*RESULTS, *PRESERVED)
    if changed := modified(*places) + untracked(*places):
        git_output("add", "--all", "--", *changed)
        git_output("commit", "--quiet", "--message", message)
    return head_commit()


def pull(branch: str) -> None:
    """Fast-forward to a branch of `origin`.

    Raises:
        UserError: the remote cannot be reached, or the branches have diverged.
    """
    git_output("pull", "--quiet", "--ff-only", "origin", branch)


def push(branch: str) -> None:
    """Push the current commit to a branch of `origin`.

    Raises:
        UserError: the push was rejected, for example because somebody else pushed first.
    """
    git_output("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
