"""Collect the tests without a search for garbage: imports make hardly any, and much to search."""

import gc

import pytest

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Search for garbage again, except in what has been imported."""
    gc.enable()
    gc.freeze()
