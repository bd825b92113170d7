"""Print the result of an adoption."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from ..credentials import without_credentials
from ..display import print_how_to_resolve
from .adoption import Adoption

LABELS = {
    "added": "added",
    "same": "identical",
    "kept": "kept as yours",
    "merged": "merged",
    "conflicts": "in conflict",
}


def print_adoption(result: Adoption, console: Console) -> None:
    """Print what was detected and merged, and the steps that remain."""
    template = without_credentials(result.template)
    head = f"{template}: {result.version}; kind of repository: {result.kind.name}"
    console.print(escape(head))
    _list(console, "Answers", (f"{a.name}: {a.value} ({a.source})" for a in result.answers))
    counts = ((len(getattr(result.files, key)), label) for key, label in LABELS.items())
    _list(console, "Template files", (f"{count} {label}" for count, label in counts if count))
    width = max(len(theirs) for theirs, _ in result.kind.folders)
    rows = (f"{theirs:{width}}  ->  {ours}" for theirs, ours in result.kind.folders)
    _list(console, "Where your files belong (nothing was moved)", rows)
    if not result.files.conflicts:
        console.print(f"\nCommitted to your branch as {result.commit}; to undo:")
        console.print("  git revert --no-edit HEAD")
        return
    _list(console, "[yellow]Conflicts[/]", result.files.conflicts)
    print_how_to_resolve(result, console)
    console.print("\nTo undo after the merge:\n  git revert --no-edit HEAD")


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    console.print(f"\n{title}:")
    for line in lines:
        console.print(f"  {escape(line)}")
