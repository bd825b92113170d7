"""Format numbers as text tables with aligned columns."""

from collections.abc import Mapping, Sequence
from typing import Any


def seconds_table(seconds: Mapping[str, float]) -> str:
    """Return a table with the duration of each step and their total."""
    rows = [*seconds.items(), ("total", sum(seconds.values()))]
    return aligned([["step", "seconds"], *([name, f"{value:.1f}"] for name, value in rows)])


def metrics_table(metrics: Mapping[str, Any]) -> str:
    """Return a table of nested metrics: a row per metric, a column per path to it.

    Args:
        metrics: the content of models/metrics.json; top-level values get a line each.
    """
    cells = leaves(metrics)
    places = list(dict.fromkeys(" ".join(path[:-1]) for path in cells if path[1:]))
    names = list(dict.fromkeys(path[-1] for path in cells if path[1:]))
    found = {(path[-1], " ".join(path[:-1])): format_value(value) for path, value in cells.items()}
    rows = [[name, *(found.get((name, place), "") for place in places)] for name in names]
    single = [f"{path[0]}: {format_value(value)}" for path, value in cells.items() if not path[1:]]
    return "\n".join([*single, aligned([["", *places], *rows])] if rows else single)


def leaves(nested: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return the values of nested mappings by path."""
    found: dict[tuple[str, ...], Any] = {}
    for name, value in nested.items():
        here = (*path, name)
        found |= leaves(value, here) if isinstance(value, Mapping) else {here: value}
    return found


def format_value(value: object) -> str:
    """Return a float with four decimals, any other value as text."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as lines, the first column left-aligned, the others right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = (zip(row, widths, strict=True) for row in rows)
    padded = ([f"{c:>{w}}" if at else f"{c:<{w}}" for at, (c, w) in enumerate(r)] for r in cells)
    return "\n".join("  " + "  ".join(row).rstrip() for row in padded)
