"""Wait for a condition, with a timeout."""

import time
from collections.abc import Callable

PATIENCE_S = 60


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true.

    Raises:
        AssertionError: it is still false after `PATIENCE_S` seconds.
    """
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
