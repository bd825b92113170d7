"""Calls to DVC wait for a lock that is released soon, and fail otherwise."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from modelyard.files import write_json
from modelyard.lock import LockHeldError
from modelyard.registry import dvc

pytestmark = pytest.mark.usefixtures("repository")


def hold_lock(seconds: float) -> "subprocess.Popen[bytes]":
    """Start a process that holds DVC's lock on `models/`."""
    command = [sys.executable, "-c", f"import time; time.sleep({seconds})"]
    process = subprocess.Popen(command)
    holder = {"pid": process.pid, "cmd": "dvc repro"}
    write_json(Path(".dvc/tmp/rwlock"), {"write": {str(Path("models").absolute()): holder}})
    return process


def test_a_call_waits_for_a_process_that_exits_soon() -> None:
    process = hold_lock(1)
    reaper = Thread(target=process.wait)
    reaper.start()
    assert dvc.status() == {}
    assert process.poll() == 0
    reaper.join()


def test_a_process_that_keeps_the_lock_is_named_in_the_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dvc, "LOCK_TIMEOUT_S", 0.3)
    process = hold_lock(60)
    try:
        with pytest.raises(LockHeldError, match=rf"busy.*\n.*PID {process.pid}\): dvc repro"):
            dvc.wait_for_lock()
    finally:
        process.kill()
        process.wait()
