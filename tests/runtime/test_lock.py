"""Exclusive locks between processes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from modelyard.console import UserError
from modelyard.lock import LockHeldError, exclusive_lock

HOLD = """
import sys
from pathlib import Path
from threading import Timer
from modelyard.lock import exclusive_lock
with exclusive_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(lock: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Hold a lock in another process."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        yield other


def test_a_second_process_learns_who_holds_the_lock_and_a_dead_one_holds_nothing(
    tmp_path: Path,
) -> None:
    lock = tmp_path / "lock"
    with held_by_another(lock) as other:
        with pytest.raises(LockHeldError, match=rf"\(process {other.pid} on .*, since .*\); wait"):
            exclusive_lock(lock).__enter__()
        other.kill()
        other.wait()
        with exclusive_lock(lock):
            pass


def test_a_process_that_is_about_to_end_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with held_by_another(lock) as other:
        Timer(0.3, other.kill).start()
        with exclusive_lock(lock, timeout_s=30):
            pass


def test_the_lock_can_be_acquired_again(tmp_path: Path) -> None:
    for _ in range(2):
        with exclusive_lock(tmp_path / "lock"):
            assert (tmp_path / "lock.json").exists()
        assert not (tmp_path / "lock.json").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cannot write .*file/lock: "):
        exclusive_lock(tmp_path / "file" / "lock").__enter__()
