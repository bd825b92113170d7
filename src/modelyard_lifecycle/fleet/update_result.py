"""What became of one repository of a fleet that is brought up to date."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

WELL, NEEDS_SOMEBODY = 0, 20
COLOURS = {"prepared": "green", "current": "green", "later": "cyan", "conflicts": "yellow"}


@dataclass
class Prepared:
    """A repository and the branch that was made in it.

    Attributes:
        name, folder: of the repository; the folder is empty if it could not be cloned.
        version, newest: the version that it has, the one that the branch has.
        state: prepared, current, later, conflicts or broken.
        branch, commit: the branch that is ready to be pushed, and its commit.
        kept: what the update alone would have lost, in words.
        conflicts: files in which both sides changed the same lines.
        fault: why nothing more is known.
    """

    name: str
    folder: str = ""
    version: str = ""
    newest: str = ""
    state: str = "broken"
    branch: str = ""
    commit: str = ""
    kept: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    fault: str = ""

    def record(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


def exit_code(rows: list[Prepared]) -> int:
    """Return 20 if a repository has conflicts or is broken, else 0."""
    return NEEDS_SOMEBODY if {"conflicts", "broken"} & {row.state for row in rows} else WELL


def tell(rows: list[Prepared], console: Console) -> None:
    """Print a table with a row for each repository, then what is to be known, then the sum."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("repository", "state", "from", "to", "branch", "commit"):
        table.add_column(column)
    for row in rows:
        colour = COLOURS.get(row.state, "red")
        cells = [cell or "-" for cell in (row.version, row.newest, row.branch, row.commit)]
        table.add_row(f"[{colour}]{escape(row.name)}[/]", row.state, *map(escape, cells))
    console.print(table, no_wrap=True)
    lines = [f"{row.name}: {line}" for row in rows for line in _details(row)]
    for line in ["", *lines] if lines else []:
        console.print(escape(line))
    counts = Counter(row.state for row in rows)
    summed = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    console.print(f"\n{len(rows)} repositories: {summed}")


def _details(row: Prepared) -> list[str]:
    both = [f"both sides changed {', '.join(row.conflicts)}"] if row.conflicts else []
    return [*row.kept, *both, *([row.fault] if row.fault else [])]
