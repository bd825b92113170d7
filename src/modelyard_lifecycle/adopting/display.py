"""An adoption in words."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from ..display import tell_how_to_finish
from .adopt import Adoption

COUNTED = {
    "added": "added",
    "same": "equal on both sides",
    "kept": "kept as yours",
    "merged": "merged",
    "conflicts": "conflicting",
}


def tell_adoption(done: Adoption, console: Console) -> None:
    """Print what was found and done, and what is left to do."""
    console.print(escape(f"{done.template}: {done.version}; this repository is {done.kind.name}"))
    _list(console, "Answers", (f"{a.name}: {a.value} ({a.source})" for a in done.answers))
    counts = ((len(getattr(done.files, key)), words) for key, words in COUNTED.items())
    _list(console, "The template's files", (f"{count} {words}" for count, words in counts if count))
    width = max(len(theirs) for theirs, _ in done.kind.folders)
    rows = (f"{theirs:{width}}  ->  {ours}" for theirs, ours in done.kind.folders)
    _list(console, "What goes where (nothing was moved; that is yours to do)", rows)
    if not done.files.conflicts:
        console.print(f"\nYour branch has it as one commit, {done.commit}; back:")
        console.print("  git revert --no-edit HEAD")
        return
    _list(console, "[yellow]Both sides have other lines in[/]", done.files.conflicts)
    tell_how_to_finish(done, console)
    console.print("\nBack, once it is merged:\n  git revert --no-edit HEAD")


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    console.print(f"\n{title}:")
    for line in lines:
        console.print(f"  {escape(line)}")
