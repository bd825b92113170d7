"""A table that leaves out columns instead of cutting cells."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.table import Table

GAP = 2
UNLIMITED = 10_000


def table_console() -> Console:
    """Return a console for stdout as wide as the terminal or COLUMNS; a file has no width."""
    limited = sys.stdout.isatty() or os.environ.get("COLUMNS")
    return Console(highlight=False, width=None if limited else UNLIMITED)


def print_table(
    console: Console,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    colours: Iterable[str],
    importance: Sequence[str],
    numbers: Iterable[str] = (),
) -> None:
    """Print a table whose first two columns, name and state, are never left out or cut.

    Args:
        console: where to print; its width decides which columns are left out.
        head: the columns' names.
        rows: the cells of each row.
        colours: the colour of each row's name.
        importance: the names of the columns that may be left out, the most important first.
        numbers: the columns to align to the right.
    """
    widths = {name: max(map(cell_len, cells)) for name, *cells in _columns(head, rows)}
    shown = _fitting(widths, head, importance, console.width)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in shown:
        align: JustifyMethod = "right" if name in numbers else "left"
        table.add_column(name, justify=align, no_wrap=name != head[0], overflow="fold")
    for row, colour in zip(rows, colours, strict=True):
        name, *cells = (cell for cell, column in zip(row, head, strict=True) if column in shown)
        table.add_row(f"[{colour}]{escape(name)}[/]", *map(escape, cells))
    console.print(table)
    if left := [name for name in head if name not in shown]:
        console.print(f"\nNo room for: {', '.join(left)}; use a wider terminal or --json")


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return each column: its name twice, which is a cell, too, and its cells."""
    return list(zip(head, head, *rows, strict=True))


def _fitting(
    widths: dict[str, int], head: Sequence[str], importance: Sequence[str], width: int
) -> list[str]:
    """Return the columns that fit, in order; a more important one is never left out for another."""
    shown = list(head[:2])
    for name in importance:
        if name in head:
            if sum(widths[one] + GAP for one in (*shown, name)) - GAP > width:
                break
            shown.append(name)
    return [name for name in head if name in shown]
