"""Run the REST service in the test's own process; create request bodies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from modelyard.project import load
from modelyard.serving.rest.app import create_app
from modelyard.serving.rest.limits import Limits

from tests.runtime import example

from examples import ROWS


def application(limits: Limits | None = None) -> FastAPI:
    """Create the application; by default it serves the accepted model."""
    limits = limits or Limits()
    return create_app(
        load(example.PACKAGE), replace(limits, model_dir=example.place() / limits.model_dir)
    )


@contextmanager
def running(limits: Limits | None = None, app: FastAPI | None = None) -> Iterator[TestClient]:
    """Start an application; yield a client when its model is loaded."""
    app = app or application(limits)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def body(*rows: dict[str, Any]) -> dict[str, Any]:
    """Return a body of some rows, by default of all examples."""
    return {"rows": list(rows or ROWS)}


def changed(column: str, value: Any, row: dict[str, Any] = ROWS[0]) -> dict[str, Any]:
    """Return a row with another value in a column."""
    return row | {column: value}
