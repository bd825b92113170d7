"""Pytest plugin: record in the ledger which tests ran, and how they ended."""

from contextlib import chdir

import pytest

from ..evidence.ledger import append

_ends: dict[str, list[str]] = {}  # of all phases and cases of each test function


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how a phase of a test ended."""
    own = _ends.setdefault(report.nodeid.partition("[")[0], [])
    end = f"x{report.outcome}" if hasattr(report, "wasxfail") else report.outcome
    own += [end] if end not in own else []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Append the session to the ledger; of pytest-xdist only the controller does."""
    if _ends and not hasattr(session.config, "workerinput"):
        with chdir(session.config.rootpath):
            append("tests", bool(exitstatus), 0.0, dict(_ends))
    _ends.clear()
