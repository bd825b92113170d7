"""Print a fleet report as a table."""

from collections import Counter

from rich.console import Console
from rich.markup import escape

from .project_row import Row
from .table import print_table

COLOURS = {"current": "green", "behind": "cyan", "would conflict": "yellow"}
COLUMNS = (
    "repository", "state", "version", "behind by", "level", "targets", "edited", "deleted",
    "conflicts", "at risk", "trained", "gate",
)  # fmt: skip
IMPORTANCE = (
    "version", "behind by", "at risk", "conflicts", "policy", "edited", "gate", "trained", "level",
    "targets", "deleted",
)  # fmt: skip
NUMBERS = {"behind by", "edited", "deleted", "conflicts", "at risk"}


def print_report(rows: list[Row], console: Console) -> None:
    """Print a table with a row per project, the reasons of broken ones, and counts by state."""
    with_policy = any(row.rules is not None for row in rows)
    head = (*COLUMNS, "policy") if with_policy else COLUMNS
    lines = [[row.name, row.state, *cells(row), *policy_cell(row)[:with_policy]] for row in rows]
    colours = [COLOURS.get(row.state, "red") for row in rows]
    print_table(console, head, lines, colours, IMPORTANCE, NUMBERS)
    for row in rows:
        if row.rules:
            console.print(f"\n{escape(row.name)}: policy rules not kept: {', '.join(row.rules)}")
    reasons = [f"{row.name}: {row.fault}" for row in rows if row.fault]
    if reasons:
        console.print()
    for reason in reasons:
        console.print(escape(reason), soft_wrap=True)
    counts = Counter(row.state for row in rows)
    summary = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    console.print(f"\n{len(rows)} repositories: {summary}")


def cells(row: Row) -> list[str]:
    """Return the cells after name and state; "-" for an unknown value."""
    if row.fault:
        return [row.version or "-", *["-"] * (len(COLUMNS) - 3)]
    lists = (row.edited, row.deleted, row.conflicts, row.losses)
    behind = "?" if row.behind is None else str(row.behind)
    first = [row.version, behind, row.level, row.targets, *(str(len(files)) for files in lists)]
    return [cell or "-" for cell in [*first, row.trained, row.gate]]


def policy_cell(row: Row) -> list[str]:
    """Return the number of policy rules that a project violates, as a list of one cell."""
    return ["-" if row.rules is None else str(len(row.rules))]
