"""Collect the tests without a search for garbage: imports make hardly any, and much to search."""

import gc
from importlib import import_module

import pytest

from tests.forked_python import start_server

gc.disable()
# Imported before the server is forked, so that its processes need not: what the tests start most.
LIBRARIES = ("polars", "sklearn.ensemble", "skops.io", "onnxruntime", "typer", "fastapi", "uvicorn")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Fork the server of processes before a test file, while imported, can start a thread."""
    if not session.config.getoption("numprocesses", None) or hasattr(session.config, "workerinput"):
        for name in LIBRARIES:
            import_module(name)
        start_server()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Search for garbage again, except in what has been imported."""
    gc.enable()
    gc.freeze()
