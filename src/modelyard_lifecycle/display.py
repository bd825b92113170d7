"""A check and an update in words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from .check import Check
    from .update import Update


class Unfinished(Protocol):
    """What waits aside: its working tree, the project's own, and the branch to be merged."""

    aside: str
    home: str
    branch: str


def tell(check: "Check", console: Console) -> None:
    """Print what was found, the worst last."""
    files = check.files
    if check.behind:
        console.print(
            escape(f"{check.template}: {check.version} here, {check.newest} is the newest")
        )
        _list(console, "An update adds", files.added)
        _list(console, "An update changes", files.changed)
        _list(console, "An update removes", files.removed)
        _list(console, "The changelog says", check.changelog)
    else:
        console.print(escape(f"{check.template}: {check.version} here, nothing newer"))
    runtime = set(files.runtime_edits)
    _list(console, "Edited since birth", (name for name in files.edited if name not in runtime))
    _list(console, "Deleted since birth", (name for name in files.deleted if name not in runtime))
    _list(console, "[yellow]Edited in the runtime, an update stops[/]", files.runtime_edits)
    _list(console, "[yellow]An update would conflict in[/]", files.conflicts)
    lost = (f"{loss.file} ({loss.why})" for loss in files.losses)
    _list(console, "[red]An update would silently lose the edits of[/]", lost)


def tell_update(update: "Update", console: Console) -> None:
    """Print what an update did, and what is left to do."""
    if not update.wanted:
        console.print(escape(f"{update.template}: {update.version} here, nothing newer"))
        return
    console.print(escape(f"{update.template}: from {update.version} to {update.newest}"))
    _list(console, "What the update alone would have lost", update.kept)
    _list(console, "Besides", update.notes)
    if not update.conflicts:
        console.print(f"\nYour branch has it as one commit, {update.commit}; back: git revert HEAD")
        return
    _list(console, "[yellow]Both sides changed the same lines of[/]", update.conflicts)
    tell_how_to_finish(update, console)


def tell_how_to_finish(done: Unfinished, console: Console) -> None:
    """Print the commands that end what has conflicts."""
    console.print("\nYour branch is as it was. Resolve them in the working tree aside, then merge:")
    for line in (
        f"cd {done.aside}",
        "git add --all && git commit",
        f"cd {done.home} && git merge {done.branch}",
        f"git worktree remove {done.aside} && git branch -d {done.branch}",
    ):
        console.print(escape(f"  {line}"))


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    kept = list(lines)
    if kept:
        console.print(f"\n{title}:")
    for line in kept:
        console.print(f"  {escape(line)}")
