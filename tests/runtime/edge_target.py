"""Adapter of the edge target for the contract of all targets."""

import json
from pathlib import Path
from typing import Any

from tests.runtime.edge_runner import answers, built, lines, run


def predictions(rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Return the prediction of each row, with the version of the model."""
    results = answers(run(built(folder / "bundle"), lines(*rows)))
    return [{k: v for k, v in one.items() if k != "ignored_columns"} for one in results]


def faulty_columns(rows: list[dict[str, Any]], folder: Path) -> list[set[str]]:
    """Return the columns for which each row gets the fallback."""
    found = violations([json.dumps(row) for row in rows], folder)
    return [{v["column"] for v in one} for one in found]


def violations(rows: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Return the violations of each row, given as JSON text."""
    results = answers(run(built(folder / "bundle"), "\n".join(rows).encode()))
    return [one.get("faults", []) for one in results]
