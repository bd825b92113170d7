"""A folder that belongs to one run at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ...console import UserError


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder. The system frees it when the process ends, however it ends.

    SQLite's lock, because it is the same on Windows and elsewhere; the file stays empty.

    Raises:
        UserError: another run holds the folder, or it cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "lock", timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as failure:
            if "locked" not in str(failure):
                raise UserError(f"cannot write to {folder}: {failure}") from None
            raise UserError(
                f"another run is at work in {folder.parent}; wait for it or choose another folder"
            ) from None
        yield
