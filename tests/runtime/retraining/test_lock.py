"""One run at a time."""

import subprocess
import sys
from pathlib import Path

import pytest
from modelyard.retraining.lock import Held, alone

HOLD = """
import sys
from pathlib import Path
from modelyard.retraining.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_who_is_at_work_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(Held, match=rf"process {other.pid} of .* on .*; wait"), alone(lock):
            pass
        other.kill()
        other.wait()
        with alone(lock):
            pass


def test_one_after_the_other_may_work(tmp_path: Path) -> None:
    for _ in range(2):
        with alone(tmp_path / "lock"):
            assert (tmp_path / "holder.json").exists()
        assert not (tmp_path / "holder.json").exists()
