"""One process at a time; another one is told who is at work."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from .console import UserError
from .files import write_json


class Held(UserError):
    """Another process is at work."""


@contextmanager
def alone(path: Path, remedy: str = "wait for its end", patience_s: float = 0) -> Iterator[None]:
    """Hold a lock, which the system frees when the process ends, however it ends.

    Args:
        path: of the lock; beside it, in `NAME.json`, stands who holds it.
        remedy: what somebody who comes second can do.
        patience_s: how long to wait, for example for the end of a process that was killed.

    Raises:
        Held: somebody else does; the text says who.
        UserError: the file cannot be written.
    """
    holder = path.with_name(f"{path.name}.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=patience_s)
        lock.acquire()
    except Timeout:
        raise Held(f"a run is at work already ({who(holder)}); {remedy}") from None
    except OSError as failure:
        raise UserError(f"cannot write {path.as_posix()}: {failure.strerror}") from None
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(holder, {"pid": os.getpid(), "machine": platform.node(), "since": since})
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def who(holder: Path) -> str:
    """Say who holds a lock."""
    try:
        return "process {pid} on {machine}, since {since}".format(**json.loads(holder.read_bytes()))
    except (OSError, ValueError, KeyError):
        return "it has just begun"
