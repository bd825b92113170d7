"""Print the results of a check and of an update."""

from collections.abc import Iterable
from shlex import quote
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from .check import Check
    from .proposal import Proposal
    from .update_result import Update


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
        _list(console, "Changelog", _indented(check.changelog))
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
    _print_done(update, console)
    if not update.conflicts:
        console.print(f"\nCommitted to your branch as {update.commit}; to undo: git revert HEAD")
        return
    print_how_to_resolve(update, console)


def print_proposal(proposal: "Proposal", console: Console) -> None:
    """Print what a proposed update does, and the state of its branch."""
    update, branch = proposal.update, proposal.branch
    if not update.needed:
        console.print(escape(f"{update.template}: {update.version} is up to date"))
        return
    console.print(escape(f"{update.template}: {update.version} can be updated to {update.newest}"))
    if proposal.foreign:
        console.print(escape(f"Branch {branch} has a commit of somebody else: {proposal.foreign}"))
        console.print("It stays as it is. To get newer versions, merge it or delete the branch")
        return
    _print_done(update, console)
    if update.conflicts:
        console.print("\nNo branch was changed. Run modelyard update and resolve the conflicts")
        return
    state = "already is" if proposal.repeated else "is"
    pushed = " and was pushed" if proposal.pushed else ""
    console.print(escape(f"\nBranch {branch} {state} this update ({update.commit}){pushed}"))


def _print_done(update: "Update", console: Console) -> None:
    _list(console, "Changelog", _indented(update.changelog))
    _list(console, "Edits kept that copier update would have lost", update.kept)
    _list(console, "Notes", update.notes)
    _list(console, "[yellow]Conflicts[/]", update.conflicts)


def _indented(changelog: list[str]) -> list[str]:
    """Return the changelog's lines with the entries below their release."""
    return [line if line.startswith("#") else f"  {line}" for line in changelog]


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
