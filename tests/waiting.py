"""Wait for something, but not for ever."""

import time
from collections.abc import Callable

PATIENCE_S = 60


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it took too long.
    """
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
