"""One run at a time; a second one is told who is at work."""

import getpass
import json
import os
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ..console import UserError
from ..files import write_bytes

LOCK = Path(".cache/retrain/lock")


class Held(UserError):
    """Another run is at work."""


@contextmanager
def alone(lock: Path = LOCK) -> Iterator[None]:
    """Hold a lock. The system frees it when the process ends, however it ends.

    It is SQLite's, because that is the same on Windows and elsewhere.

    Raises:
        Held: somebody else holds it; the text says who.
        UserError: the file cannot be written.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = lock.with_name("holder.json")
    with closing(sqlite3.connect(lock, timeout=0)) as file:
        try:
            file.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as failure:
            if "locked" not in str(failure):
                raise UserError(f"cannot write {lock.as_posix()}: {failure}") from None
            raise Held(f"a run is at work already ({told(holder)}); wait for its end") from None
        write_bytes(holder, json.dumps(myself()).encode())
        try:
            yield
        finally:
            holder.unlink(missing_ok=True)


def myself() -> dict[str, str | int]:
    """Say who holds the lock: process, machine, account, and since when."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = "unknown"
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"process": os.getpid(), "machine": platform.node(), "account": account, "since": since}


def told(holder: Path) -> str:
    """Say who holds the lock, in words."""
    try:
        who = json.loads(holder.read_text("utf-8"))
        return f"process {who['process']} of {who['account']} on {who['machine']}, {who['since']}"
    except (OSError, ValueError, KeyError):
        return "it has just begun"
