"""A temporary git worktree on its own branch, so that the user's files stay untouched."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from .errors import UserError, defer_interrupts, ignore_interrupts
from .git import git, run, top_folder
from .git_environment import NEUTRAL


@dataclass
class Worktree:
    """A git worktree next to the repository.

    Attributes:
        top: the worktree's folder.
        folder: the project's folder in the worktree.
        branch: the worktree's branch.
        repository: the user's own working tree.
        keep: whether to keep worktree and branch after the `with` block.
        keep_branch: whether to keep only the branch.
    """

    top: Path
    folder: Path
    branch: str
    repository: Path
    keep: bool = False
    keep_branch: bool = False


def own_name(project: Path, name: str) -> str:
    """Return the name of a branch for one of several projects in a repository.

    A project at the top of its repository has the name itself, another one the name and its folder.
    """
    prefix = git_output("rev-parse", "--show-prefix", folder=project)
    return "-".join([name, *prefix.split("/")[:-1]]) if prefix else name


def refuse_invalid_branch(branch: str | None) -> None:
    """Check that a branch name is valid.

    Raises:
        UserError: git does not accept the name.
    """
    if branch and run("check-ref-format", "--branch", branch).returncode:
        raise UserError(f"--branch is {branch!r}, must be a valid name of a git branch")


@contextmanager
def temporary_worktree(project: Path, name: str, merged: bool = True) -> Iterator[Worktree]:
    """Create a worktree of the newest commit next to the repository for a `with` block.

    Args:
        project: the project's folder.
        name: the branch to create.
        merged: whether the user's branch receives the result at the end; there must be one.

    Raises:
        UserError: there are uncommitted files, no branch, or leftovers of an earlier run.
    """
    repository = top_folder(project)
    _refuse_uncommitted(repository)
    if merged and run("symbolic-ref", "--quiet", "HEAD", folder=repository).returncode:
        raise UserError(f"{repository} is on no branch (detached HEAD); run: git switch main")
    top = repository.with_name(f"{repository.name}-{name.replace('/', '-')}")
    prefix = git_output("rev-parse", "--show-prefix", folder=project)
    tree = Worktree(top, top / prefix, name, repository)
    _refuse_leftovers(tree)
    undo: list[tuple[str, ...]] = []
    try:
        with defer_interrupts():
            _create(tree, undo)
        fill = ("reset", "--quiet", "--hard", "--no-recurse-submodules")
        git(*fill, folder=top, settings=NEUTRAL)
        yield tree
    finally:
        with ignore_interrupts():
            for words in () if tree.keep else reversed(undo[tree.keep_branch :]):
                run(*words, folder=repository, settings=NEUTRAL)


def _create(tree: Worktree, undo: list[tuple[str, ...]]) -> None:
    """Create the branch and a worktree without files; add the git command that undoes each step.

    Raises:
        UserError: git fails, for example because another update has just created the branch.
    """
    folder = tree.repository
    git("branch", "--no-track", tree.branch, "HEAD", folder=folder, settings=NEUTRAL)
    undo.append(("branch", "--quiet", "-D", tree.branch))
    add = ("worktree", "add", "--quiet", "--no-checkout", str(tree.top), tree.branch)
    git(*add, folder=folder, settings=NEUTRAL)
    undo.append(("worktree", "remove", "--force", str(tree.top)))


def fast_forward(tree: Worktree) -> None:
    """Fast-forward the user's branch to the worktree's branch.

    Raises:
        UserError: an untracked file is in the way; the worktree is kept.
    """
    args = ("merge", "--quiet", "--ff-only", "--no-overwrite-ignore", tree.branch)
    with ignore_interrupts():
        done = run(*args, folder=tree.repository)
    if done.returncode:
        tree.keep = True
        reason = " ".join(done.stderr.decode(errors="replace").split())
        raise UserError(f"the update is ready in {tree.top} but cannot be merged: {reason}")


def git_output(*args: str, folder: Path) -> str:
    """Run git and return its standard output as stripped text."""
    return git(*args, folder=folder).decode().strip()


def _refuse_uncommitted(repository: Path) -> None:
    if run("rev-parse", "--verify", "--quiet", "HEAD", folder=repository).returncode:
        raise UserError(f"{repository} has no commit; commit its files first")
    dirty = git("status", "--porcelain", "-z", folder=repository).decode().split("\0")[0]
    if dirty:
        raise UserError(f"{dirty[3:]} is not committed; commit, stash or remove it first")


def _refuse_leftovers(tree: Worktree) -> None:
    if tree.top.exists():
        raise UserError(
            f"{tree.top} already exists; finish that update, or run: "
            f"git worktree remove --force {quote(str(tree.top))} && git branch -D {tree.branch}"
        )
    branch = tree.branch
    ref = f"refs/heads/{branch}"
    if run("rev-parse", "--verify", "--quiet", ref, folder=tree.repository).returncode == 0:
        raise UserError(
            f"branch {branch} already exists; merge it, or run: "
            f"git worktree prune && git branch -D {branch}"
        )
