"""A fleet in the terminal."""

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


def tell(rows: list[Row], console: Console) -> None:
    """Print a table with a row for each project, then why some are broken, then the sum."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    asked = any(row.rules is not None for row in rows)
    for column in (*COLUMNS, "policy") if asked else COLUMNS:
        table.add_column(column, justify="right" if column in NUMBERS else "left")
    for row in rows:
        colour = COLOURS.get(row.state, "red")
        table.add_row(
            f"[{colour}]{escape(row.name)}[/]",
            row.state,
            *map(escape, cells(row)),
            *ruled(row)[:asked],
        )
    console.print(table, no_wrap=True)
    for row in rows:
        if row.rules:
            console.print(f"\n{escape(row.name)} against the policy: {', '.join(row.rules)}")
    faults = [f"{row.name}: {row.fault}" for row in rows if row.fault]
    if faults:
        console.print()
    for fault in faults:
        console.print(escape(fault))
    counts = Counter(row.state for row in rows)
    summed = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    console.print(f"\n{len(rows)} repositories: {summed}")


def cells(row: Row) -> list[str]:
    """Return what stands behind a project's name and state; empty where nothing is known."""
    if row.fault:
        return [row.version or "-", *["-"] * (len(COLUMNS) - 3)]
    lists = (row.edited, row.deleted, row.conflicts, row.losses)
    behind = "?" if row.behind is None else str(row.behind)
    plain = [row.version, behind, row.level, row.targets, *(str(len(one)) for one in lists)]
    return [cell or "-" for cell in [*plain, row.trained, row.gate]]


def ruled(row: Row) -> list[str]:
    """Return how many rules of the policy a project does not keep to."""
    return ["-" if row.rules is None else str(len(row.rules))]
