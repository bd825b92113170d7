"""Pytest plugin: record which tests ran, how they ended, and hashes of their source."""

import inspect
from contextlib import chdir, suppress
from typing import Any

import pytest

from ..evidence.ledger import append, digest

ENDS = ("passed", "skipped", "xfailed", "xpassed", "failed", "error")  # the worst last
_tests: dict[str, Any] = {}


def pytest_itemcollected(item: Any) -> None:
    """Attach the hash of the test's source; workers of pytest-xdist send it with the report."""
    with suppress(AttributeError, OSError):
        source = inspect.getsource(item.function).strip()
        item.user_properties.append(("source", digest(source)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the worst end of all phases and cases of a test function, its source, its cases."""
    name, end = report.nodeid.partition("[")[0], str(report.outcome)
    if hasattr(report, "wasxfail"):
        end = "xfailed" if report.skipped else "xpassed"
    elif report.failed and report.when != "call":
        end = "error"
    worst, _, cases = _tests.get(name, (ENDS[0], "", 0))
    source = dict(report.user_properties).get("source", "")
    _tests[name] = max(worst, end, key=ENDS.index), source, cases + (report.when == "setup")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Append the session to the ledger."""
    if _tests and not hasattr(session.config, "workerinput"):
        with chdir(session.config.rootpath):
            append("tests", bool(exitstatus), 0.0, dict(_tests))
    _tests.clear()
