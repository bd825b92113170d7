"""The REST service as the contract of all targets sees it."""

import json
from pathlib import Path
from typing import Any

from tests.runtime.rest_client import running

MOST = 1000


def predictions(rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Give each row's prediction, with the version of the model."""
    found: list[dict[str, Any]] = []
    with running() as client:
        for start in range(0, len(rows), MOST):
            answer = client.post("/predict", json={"rows": rows[start : start + MOST]}).json()
            version = {"model_version": answer["model_version"]}
            found += [prediction | version for prediction in answer["predictions"]]
    return found


def faulty_columns(rows: list[dict[str, Any]], folder: Path) -> list[set[str]]:
    """Name the columns for which each row is refused."""
    found = faults([json.dumps(row) for row in rows], folder)
    return [{fault["column"] for fault in one} for one in found]


def faults(rows: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Say what is wrong with each row, a JSON text."""
    with running() as client:
        sent = [client.post("/predict", content=f'{{"rows": [{row}]}}') for row in rows]
    return [answer.json().get("faults", []) for answer in sent]
