"""DVC in this process: it waits for a process that was killed, and for no other."""

import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from modelyard.files import write_json
from modelyard.lock import Held
from modelyard.registry import dvc

pytestmark = pytest.mark.usefixtures("repository")


def at_work(seconds: float) -> "subprocess.Popen[bytes]":
    """Start a process which, by DVC's notes, writes into the pipeline's folder."""
    command = [sys.executable, "-c", f"import time; time.sleep({seconds})"]
    process = subprocess.Popen(command)
    holder = {"pid": process.pid, "cmd": "dvc repro"}
    write_json(Path(".dvc/tmp/rwlock"), {"write": {str(Path("models").absolute()): holder}})
    return process


def test_a_process_that_is_about_to_end_is_waited_for() -> None:
    process = at_work(1)
    reaper = Thread(target=process.wait)
    reaper.start()
    assert dvc.status() == {}
    assert process.poll() == 0
    reaper.join()


def test_one_that_goes_on_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dvc, "PATIENCE_S", 0.3)
    process = at_work(60)
    try:
        with pytest.raises(Held, match=rf"busy.*\n.*PID {process.pid}\): dvc repro"):
            dvc.wait()
    finally:
        process.kill()
        process.wait()
