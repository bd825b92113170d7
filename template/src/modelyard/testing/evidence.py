"""Pytest plugin: record which tests ran, how they ended, and hashes of their source."""

import inspect
from contextlib import chdir, suppress
from typing import Any

import pytest

from ..evidence.ledger import append, digest

_tests: dict[str, list[str]] = {}


def pytest_itemcollected(item: Any) -> None:
    """Attach the hash of the test's source; workers of pytest-xdist send it with the report."""
    with suppress(AttributeError, OSError):
        item.user_properties.append(("source", digest(inspect.getsource(item.function).strip())))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the source of a test function, and how the phases of all its cases ended."""
    source = str(dict(report.user_properties).get("source", ""))
    own = _tests.setdefault(report.nodeid.partition("[")[0], [source])
    end = f"x{report.outcome}" if hasattr(report, "wasxfail") else report.outcome
    own += [end] if end not in own else []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Append the session to the ledger."""
    if _tests and not hasattr(session.config, "workerinput"):
        with chdir(session.config.rootpath):
            append("tests", bool(exitstatus), 0.0, dict(_tests))
    _tests.clear()
