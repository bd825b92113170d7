"""The files in git that a run changes: put back whole, or committed whole."""

from pathlib import Path

from ..console import UserError
from ..models.gates.holdout_ledger import LEDGER as LOOKS
from ..registry.events import first
from ..registry.git import ask, attempt, head, paths
from .ledger import RUNS

RESULTS = ("params.yaml", "dvc.lock", "models", "reports", RUNS.parent.as_posix())
KEPT = ("uv.lock", LOOKS.as_posix())  # what ran before may have left them changed


def edited(*places: str) -> list[str]:
    """Name the files among the results, or some places, that git has and that were edited."""
    return paths("diff", "--name-only", "--relative", "HEAD", "--", *(places or RESULTS))


def new(*places: str) -> list[str]:
    """Name those that git does not have, but for files that it ignores."""
    return paths("ls-files", "--others", "--exclude-standard", "--", *(places or RESULTS))


def refuse_unclean() -> None:
    """Refuse to run where something is not committed: a run commits, and may put files back."""
    if attempt("rev-parse", "--verify", "HEAD").returncode != 0:
        raise UserError("this folder has no commit yet; git init -b main, add and commit it first")
    if unclean := [path for path in edited(".") + new(".") if path not in KEPT]:
        raise UserError(f"not committed: {first(unclean)}; commit or stash it")


def put_back() -> None:
    """Let the results be those of the commit; who looked at the test rows stays written down."""
    for path in new():
        if path not in KEPT:
            Path(path).unlink(missing_ok=True)
    if back := [path for path in edited() if path not in KEPT]:
        ask("checkout", "--quiet", "HEAD", "--", *back)


def commit(message: str) -> str:
    """Commit results and params, if they changed; give the commit."""
    places = (*RESULTS, *KEPT)
    if changed := edited(*places) + new(*places):
        ask("add", "--all", "--", *changed)
        ask("commit", "--quiet", "--message", message)
    return head()


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
