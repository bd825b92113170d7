"""The edge target as the contract of all targets sees it."""

import json
from pathlib import Path
from typing import Any

from tests.runtime.edge_runner import answers, built, lines, run


def predictions(rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Give each row's prediction, with the version of the model."""
    told = answers(run(built(folder / "bundle"), lines(*rows)))
    return [{k: v for k, v in one.items() if k != "ignored_columns"} for one in told]


def faulty_columns(rows: list[dict[str, Any]], folder: Path) -> list[set[str]]:
    """Name the columns for which each row gets the fallback."""
    found = faults([json.dumps(row) for row in rows], folder)
    return [{fault["column"] for fault in one} for one in found]


def faults(rows: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Say what is wrong with each row, a JSON text."""
    told = answers(run(built(folder / "bundle"), "\n".join(rows).encode()))
    return [one.get("faults", []) for one in told]
