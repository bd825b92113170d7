"""Exclusive locks between processes; a second process learns who holds the lock."""

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


class LockHeldError(UserError):
    """Another process holds the lock."""


@contextmanager
def exclusive_lock(path: Path, remedy: str = "wait for it", timeout_s: float = 0) -> Iterator[None]:
    """Hold a lock; the operating system releases it when the process ends in any way.

    Args:
        path: file of the lock; `NAME.json` next to it describes the holder.
        remedy: advice for a second process, part of the message.
        timeout_s: how long to wait for the lock.

    Raises:
        LockHeldError: another process holds the lock; the message says which.
        UserError: the file cannot be written.
    """
    holder = path.with_name(f"{path.name}.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=timeout_s)
        lock.acquire()
    except Timeout:
        raise LockHeldError(f"a run is in progress ({describe_holder(holder)}); {remedy}") from None
    except OSError as failure:
        raise UserError(f"cannot write {path.as_posix()}: {failure.strerror}") from None
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(holder, {"pid": os.getpid(), "machine": platform.node(), "since": since})
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def describe_holder(holder: Path) -> str:
    """Describe the process that holds a lock."""
    try:
        return "process {pid} on {machine}, since {since}".format(**json.loads(holder.read_bytes()))
    except (OSError, ValueError, KeyError):
        return "it has just started"
