"""Files in git that a run changes: listed, restored, committed."""

import time
from pathlib import Path

from ..console import UserError, listed
from ..models.gates.holdout_ledger import LEDGER as TEST_ROWS
from ..registry.git import git_output, head_commit, run_git
from .ledger import RUNS

LOCK_TIMEOUT_S = 3.0  # another git command takes less
RESULTS = ("params.yaml", "dvc.lock", "models", "reports", RUNS.parent.as_posix())
PRESERVED = ("uv.lock", TEST_ROWS.as_posix())  # may be modified before a run, never restored


def changed(*places: str) -> list[str]:
    """Return the modified and the untracked, not ignored files in `places`."""
    modified = git_output("diff", "-z", "--name-only", "--relative", "HEAD", "--", *places)
    new = git_output("ls-files", "-z", "--others", "--exclude-standard", "--", *places)
    return [path for path in (modified + new).decode().split("\0") if path]


def refuse_unclean() -> None:
    """Refuse uncommitted changes: a run commits files, and may restore them."""
    if run_git("rev-parse", "--verify", "HEAD").returncode != 0:
        raise UserError("the repository has no commit; run: git init -b main, git add and commit")
    if unclean := [path for path in changed(".") if path not in PRESERVED]:
        raise UserError(f"not committed: {listed(unclean, 3)}; commit or stash it")


def restore() -> None:
    """Restore the results of the commit, but keep the ledger of uses of the test set."""
    preserved = [f":(exclude){path}" for path in PRESERVED]
    git_output("reset", "--quiet")
    git_output("clean", "--quiet", "--force", "--", *RESULTS, *preserved)
    if modified := changed(*RESULTS, *preserved):
        git_output("checkout", "--quiet", "HEAD", "--", *modified)


def release_locks() -> None:
    """Delete locks that a killed git command has left, after other commands had time to end."""
    folder = Path(git_output("rev-parse", "--absolute-git-dir").decode().strip())
    end = time.monotonic() + LOCK_TIMEOUT_S
    while locks := [*folder.glob("*.lock"), *folder.glob("refs/**/*.lock")]:
        if time.monotonic() > end:
            for lock in locks:
                lock.unlink(missing_ok=True)
        time.sleep(0.2)


def commit(message: str) -> str:
    """Commit results and params if they changed; return the current commit."""
    if paths := changed(*RESULTS, *PRESERVED):
        git_output("add", "--all", "--", *paths)
        git_output("commit", "--quiet", "--message", message)
    return head_commit()
