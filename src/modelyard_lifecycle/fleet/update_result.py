"""The row of one repository in a fleet update, and the table of all."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape

from .table import print_table

SUCCESS, NEEDS_ATTENTION = 0, 20
COLUMNS = ("repository", "state", "from", "to", "branch", "commit")
IMPORTANCE = ("branch", "to", "from", "commit")
COLOURS = {"prepared": "green", "current": "green", "later": "cyan", "conflicts": "yellow"}


@dataclass
class UpdateRow:
    """The result of updating a repository.

    Attributes:
        name, folder: the repository; the folder is empty if cloning failed.
        version, newest: its version, and that of the branch.
        state: prepared, current, later, conflicts or broken.
        branch, commit: the branch that is ready to push, and its commit.
        kept: a note for each file whose edits `copier update` would have lost.
        conflicts: files with conflicts.
        fault: the reason why the repository is broken; empty if it is not.
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
        """Return the row as JSON-serializable values."""
        return asdict(self)


def exit_code(rows: list[UpdateRow]) -> int:
    """Return 20 if a repository has conflicts or is broken, else 0."""
    return NEEDS_ATTENTION if {"conflicts", "broken"} & {row.state for row in rows} else SUCCESS


def print_updates(rows: list[UpdateRow], console: Console) -> None:
    """Print a table with a row per repository, then details, then counts by state."""
    cells = [
        [row.name, row.state, row.version or "-", row.newest or "-", row.branch or "-",
         row.commit or "-"]
        for row in rows
    ]  # fmt: skip
    colours = [COLOURS.get(row.state, "red") for row in rows]
    print_table(console, COLUMNS, cells, colours, IMPORTANCE)
    lines = [f"{row.name}: {line}" for row in rows for line in _details(row)]
    for line in ["", *lines] if lines else []:
        console.print(escape(line), soft_wrap=True)
    counts = Counter(row.state for row in rows)
    summary = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    console.print(f"\n{len(rows)} repositories: {summary}")


def _details(row: UpdateRow) -> list[str]:
    conflicts = [f"conflicts in {', '.join(row.conflicts)}"] if row.conflicts else []
    return [*row.kept, *conflicts, *([row.fault] if row.fault else [])]
