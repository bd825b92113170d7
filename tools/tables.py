"""Lay numbers out as text in aligned columns."""

from collections.abc import Mapping, Sequence
from typing import Any


def seconds_table(seconds: Mapping[str, float]) -> str:
    """Return how long each step took, and all of them."""
    rows = [*seconds.items(), ("total", sum(seconds.values()))]
    return aligned([["step", "seconds"], *([name, f"{value:.1f}"] for name, value in rows)])


def metrics_table(metrics: Mapping[str, Any]) -> str:
    """Return nested metrics with a row for each metric and a column for each place it was taken.

    Args:
        metrics: the content of models/metrics.json; a value beside mappings gets a line of its own.
    """
    cells = leaves(metrics)
    places = list(dict.fromkeys(" ".join(path[:-1]) for path in cells if path[1:]))
    names = list(dict.fromkeys(path[-1] for path in cells if path[1:]))
    found = {(path[-1], " ".join(path[:-1])): written(value) for path, value in cells.items()}
    rows = [[name, *(found.get((name, place), "") for place in places)] for name in names]
    alone = [f"{path[0]}: {written(value)}" for path, value in cells.items() if not path[1:]]
    return "\n".join([*alone, aligned([["", *places], *rows])] if rows else alone)


def leaves(nested: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return the values of nested mappings by the path that leads to them."""
    found: dict[tuple[str, ...], Any] = {}
    for name, value in nested.items():
        here = (*path, name)
        found |= leaves(value, here) if isinstance(value, Mapping) else {here: value}
    return found


def written(value: object) -> str:
    """Return a number with four decimals if it is no whole one, anything else as text."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as lines: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = (zip(row, widths, strict=True) for row in rows)
    padded = ([f"{c:>{w}}" if at else f"{c:<{w}}" for at, (c, w) in enumerate(r)] for r in cells)
    return "\n".join("  " + "  ".join(row).rstrip() for row in padded)
