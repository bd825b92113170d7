"""Print the results of a check and of an update."""

from collections.abc import Iterable
from shlex import quote
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from .check import Check
    from .update import Update


class HasConflicts(Protocol):
    """A merge with conflicts: its worktree, its branch, and the repository to merge it into."""

    worktree: str
    repository: str
    branch: str


def print_check(check: "Check", console: Console) -> None:
    """Print the result of a check, the most severe findings last."""
    files = check.files
    if check.behind:
        console.print(
            escape(f"{check.template}: project at {check.version}, newest release {check.newest}")
        )
        _list(console, "Added by an update", files.added)
        _list(console, "Changed by an update", files.changed)
        _list(console, "Removed by an update", files.removed)
        _list(console, "Answers that change", check.answers)
        _list(console, "Changelog", check.changelog)
    else:
        console.print(escape(f"{check.template}: {check.version} is up to date"))
    runtime = set(files.runtime_edits)
    _list(console, "Edited", (name for name in files.edited if name not in runtime))
    _list(console, "Deleted", (name for name in files.deleted if name not in runtime))
    _list(console, "[yellow]Edited in the runtime, so an update refuses[/]", files.runtime_edits)
    _list(console, "[yellow]Conflicts in an update[/]", files.conflicts)
    lost = (f"{loss.file} ({loss.why})" for loss in files.losses)
    _list(console, "[red]Edits that copier update would silently lose[/]", lost)


def print_update(update: "Update", console: Console) -> None:
    """Print what an update did, and the steps that remain."""
    if not update.needed:
        console.print(escape(f"{update.template}: {update.version} is up to date"))
        return
    console.print(escape(f"{update.template}: updated from {update.version} to {update.newest}"))
    _list(console, "Edits kept that copier update would have lost", update.kept)
    _list(console, "Notes", update.notes)
    if not update.conflicts:
        console.print(f"\nCommitted to your branch as {update.commit}; to undo: git revert HEAD")
        return
    _list(console, "[yellow]Conflicts[/]", update.conflicts)
    print_how_to_resolve(update, console)


def print_how_to_resolve(result: HasConflicts, console: Console) -> None:
    """Print the commands that resolve the conflicts and merge the result."""
    worktree = quote(result.worktree)
    console.print("\nYour branch is unchanged. Resolve the conflicts in the worktree, then merge:")
    for line in (
        f"cd {worktree}",
        "git add --all && git commit",
        f"cd {quote(result.repository)} && git merge {result.branch}",
        f"git worktree remove {worktree} && git branch -d {result.branch}",
    ):
        console.print(escape(f"  {line}"), soft_wrap=True)


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    items = list(lines)
    if items:
        console.print(f"\n{title}:")
    for line in items:
        console.print(f"  {escape(line)}")
