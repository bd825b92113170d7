"""Collect the tests without a search for garbage: imports make hardly any, and much to search."""

import gc

import pytest

from tests.forked_python import start_server

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """When all tests are imported and none has started a thread, fork the server of processes.

    What has been imported is not searched for garbage any more.
    """
    gc.enable()
    gc.freeze()
    start_server()
