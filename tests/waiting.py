"""Wait for a condition or for a lock, with a timeout."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def file_lock(lock: Path, patience_s: int = 900) -> Iterator[None]:
    """Hold a lock between processes, so that slow work is not done twice at the same time."""
    end = time.monotonic() + patience_s
    while True:
        try:
            lock.mkdir()
            break
        except FileExistsError:
            assert time.monotonic() < end, f"{lock} was held for more than {patience_s} s"
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.rmdir()
