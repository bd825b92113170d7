"""Calls to DVC wait for a lock that is released soon, and fail otherwise; stale ones are none."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
import yaml
from modelyard.files import write_json
from modelyard.lock import LockHeldError
from modelyard.registry import dvc

from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("repository")


def hold_lock(seconds: float) -> "subprocess.Popen[bytes]":
    """Start a process that holds DVC's lock on `models/`."""
    command = [sys.executable, "-c", f"import time; time.sleep({seconds})", "repro"]
    process = subprocess.Popen(command)
    write_lock(process.pid)
    return process


def write_lock(pid: int) -> None:
    """Write a lock as a process with this number does that runs `dvc repro`."""
    holder = {"pid": pid, "cmd": "/somewhere/dvc repro"}
    write_json(dvc.LOCKS, {"write": {str(Path("models").absolute()): holder}, "read": {}})


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
        with pytest.raises(
            LockHeldError, match=rf"busy.*\n.*PID {process.pid}\): /somewhere/dvc repro"
        ):
            dvc.wait_for_lock()
    finally:
        process.kill()
        process.wait()


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lock that counts lead to an error at once."""
    monkeypatch.setattr(dvc, "LOCK_TIMEOUT_S", 0.5)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no zombies")
def test_a_killed_process_that_nobody_has_waited_for_holds_no_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quickly(monkeypatch)
    process = hold_lock(60)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # now a zombie
    assert dvc.status() == {}
    process.wait()


def test_another_process_with_the_number_of_a_killed_one_holds_no_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quickly(monkeypatch)
    write_lock(os.getpid())
    assert dvc.status() == {}


@pytest.mark.parametrize("content", ["", '{"write": {"/a": {"pid": 1, "cm'])
def test_a_half_written_list_of_locks_is_no_lock(
    content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickly(monkeypatch)
    dvc.LOCKS.parent.mkdir(parents=True, exist_ok=True)
    dvc.LOCKS.write_text(content, "utf-8")
    assert dvc.status() == {}


STARTS = """
import sys
from modelyard.registry.dvc import run_streaming
for line in run_streaming("repro", "--force"):
    pass
"""


SLEEPS = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"


def test_a_pipeline_ends_with_the_process_that_started_it(repository: Path) -> None:
    stages = {"long": {"cmd": f'python -c "{SLEEPS}"'}}
    Path("dvc.yaml").write_text(yaml.safe_dump({"stages": stages}), "utf-8")
    starter = subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.DEVNULL)
    wait_until(lambda: Path("pid").exists() and Path("pid").read_text("utf-8") != "")
    stage = int(Path("pid").read_text("utf-8"))
    assert dvc.is_at_work(stage, "python")
    starter.kill()
    starter.wait()
    wait_until(lambda: not dvc.is_at_work(stage, "python"))
    assert dvc.status() != {}  # nothing holds a lock
