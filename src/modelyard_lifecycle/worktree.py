"""A second working tree on a branch of its own: what is tried there touches nobody's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import Fault, uninterrupted
from .git import git, run


@dataclass
class Aside:
    """A working tree beside the project's.

    Attributes:
        top: its folder.
        folder: the project's folder in it.
        branch: its branch.
        home: the project's own working tree.
        kept: whether it stays after the `with` block.
        ready: whether at least its branch stays.
    """

    top: Path
    folder: Path
    branch: str
    home: Path
    kept: bool = False
    ready: bool = False


@contextmanager
def aside(project: Path, name: str) -> Iterator[Aside]:
    """Give a working tree of the newest commit, beside the repository, for a `with` block.

    Raises:
        Fault: something uncommitted, no branch, or a leftover of an earlier run is in the way.
    """
    home = Path(said("rev-parse", "--show-toplevel", folder=project))
    _refuse_dirt(home)
    top = home.with_name(f"{home.name}-{name.replace('/', '-')}")
    made = Aside(top, top / said("rev-parse", "--show-prefix", folder=project), name, home)
    _refuse_leftovers(made)
    try:
        git("worktree", "add", "--quiet", "-b", name, str(top), "HEAD", folder=home)
        yield made
    finally:
        if not made.kept:
            with uninterrupted():
                run("worktree", "remove", "--force", str(top), folder=home)
                if not made.ready:
                    run("branch", "--quiet", "-D", name, folder=home)


def take_over(made: Aside) -> None:
    """Move the project's own branch on to what was committed aside.

    Raises:
        Fault: a file that git does not know is in the way; the working tree aside is kept.
    """
    words = ("merge", "--quiet", "--ff-only", "--no-overwrite-ignore", made.branch)
    with uninterrupted():
        done = run(*words, folder=made.home)
    if done.returncode:
        made.kept = True
        reason = " ".join(done.stderr.decode(errors="replace").split())
        raise Fault(f"the update is ready in {made.top}, but git says: {reason}")


def said(*words: str, folder: Path) -> str:
    """Return what git prints as one stripped text."""
    return git(*words, folder=folder).decode().strip()


def _refuse_dirt(home: Path) -> None:
    if run("rev-parse", "--verify", "--quiet", "HEAD", folder=home).returncode:
        raise Fault(f"{home} has no commit; commit the project as it is first")
    if run("symbolic-ref", "--quiet", "HEAD", folder=home).returncode:
        raise Fault(f"{home} is on no branch (detached HEAD); run: git switch main")
    dirty = git("status", "--porcelain", "-z", folder=home).decode().split("\0")[0]
    if dirty:
        raise Fault(f"{dirty[3:]} is not committed; commit, stash or remove it first")


def _refuse_leftovers(made: Aside) -> None:
    if made.top.exists():
        raise Fault(
            f"{made.top} is there; finish that update, or: "
            f"git worktree remove --force {made.top} && git branch -D {made.branch}"
        )
    ref = f"refs/heads/{made.branch}"
    if run("rev-parse", "--verify", "--quiet", ref, folder=made.home).returncode == 0:
        raise Fault(f"the branch {made.branch} is there; merge it, or: git branch -D {made.branch}")
