"""Print a fleet report as a table."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .project_row import Row

COLOURS = {"current": "green", "behind": "cyan", "would conflict": "yellow"}
COLUMNS = (
    "repository", "state", "version", "behind by", "level", "targets", "edited", "deleted",
    "conflicts", "at risk", "trained", "gate",
)  # fmt: skip
NUMBERS = {"behind by", "edited", "deleted", "conflicts", "at risk"}


def print_report(rows: list[Row], console: Console) -> None:
    """Print a table with a row per project, the reasons of broken ones, and counts by state."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    with_policy = any(row.rules is not None for row in rows)
    for column in (*COLUMNS, "policy") if with_policy else COLUMNS:
        table.add_column(column, justify="right" if column in NUMBERS else "left")
    for row in rows:
        colour = COLOURS.get(row.state, "red")
        table.add_row(
            f"[{colour}]{escape(row.name)}[/]",
            row.state,
            *map(escape, cells(row)),
            *policy_cell(row)[:with_policy],
        )
    console.print(table, no_wrap=True)
    for row in rows:
        if row.rules:
            console.print(f"\n{escape(row.name)}: policy rules not kept: {', '.join(row.rules)}")
    reasons = [f"{row.name}: {row.fault}" for row in rows if row.fault]
    if reasons:
        console.print()
    for reason in reasons:
        console.print(escape(reason))
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
