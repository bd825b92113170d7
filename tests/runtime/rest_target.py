"""Adapter of the REST service for the contract of all targets."""

import json
from pathlib import Path
from typing import Any

from tests.runtime.rest_client import running

MOST = 1000


def predictions(rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Return the prediction of each row, with the version of the model."""
    found: list[dict[str, Any]] = []
    with running() as client:
        for start in range(0, len(rows), MOST):
            answer = client.post("/predict", json={"rows": rows[start : start + MOST]}).json()
            version = {"model_version": answer["model_version"]}
            found += [prediction | version for prediction in answer["predictions"]]
    return found


def faulty_columns(rows: list[dict[str, Any]], folder: Path) -> list[set[str]]:
    """Return the columns for which each row is refused."""
    found = violations([json.dumps(row) for row in rows], folder)
    return [{v["column"] for v in one} for one in found]


def violations(rows: list[str], folder: Path) -> list[list[dict[str, Any]]]:
    """Return the violations of each row, given as JSON text."""
    with running() as client:
        sent = [client.post("/predict", content=f'{{"rows": [{row}]}}') for row in rows]
    return [answer.json().get("faults", []) for answer in sent]
