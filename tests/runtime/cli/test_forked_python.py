"""A forked process of Python does the same as an ordinary one."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import forked_python
from tests.runtime import example

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
STREAMS = """
import sys, threading, atexit
atexit.register(print, "the end")
threading.Timer(0.1, print, ["a thread"]).start()
print(sys.argv, input(), __name__)
print("for people", file=sys.stderr)
sys.exit(7)
"""
PLACES = "import tempfile, time; print(tempfile.gettempdir(), time.tzname)"
LEFT = "import sys; print(*(n for n in sys.modules if n.partition('.')[0] in ('tests', 'mine')))"
RUNS: tuple[Any, ...] = (forked_python.run, subprocess.run)
ENDS = {
    "streams": ["-c", STREAMS, "a", "b"],
    "an error": ["-c", "1 / 0"],
    "a text": ["-c", "raise SystemExit('no')"],
    "a module": ["-m", "modelyard", "--version"],
    "a refusal": ["-m", "modelyard", "serve", "--port", "x"],
    "temporary files and time zone": ["-c", PLACES],
    "what is left": ["-c", LEFT],
}


def result(run: Any, words: list[str], **own: str) -> tuple[int, str, list[str]]:
    surroundings = {"NO_COLOR": "1", "TZ": "Asia/Tokyo", "TMPDIR": str(example.place())} | own
    command, env = [sys.executable, *words], example.environment(**surroundings)
    done = run(command, input="given", capture_output=True, text=True, env=env)
    return done.returncode, done.stdout, done.stderr.splitlines()[-1:]


@pytest.mark.parametrize("words", ENDS.values(), ids=ENDS)
def test_codes_and_streams_are_the_same(words: list[str]) -> None:
    assert result(forked_python.run, words) == result(subprocess.run, words)


def test_a_package_from_another_folder_is_imported_from_there(tmp_path: Path) -> None:
    (tmp_path / "modelyard").mkdir()
    (tmp_path / "modelyard" / "__init__.py").write_text("print('another')\n", "utf-8")
    words = ["-c", "import modelyard"]
    assert result(forked_python.run, words, PYTHONPATH=str(tmp_path)) == (0, "another\n", [])


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_ends_it(by: signal.Signals) -> None:
    code = "import time; print('ready', flush=True); time.sleep(60)"
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    with forked_python.ForkedPython(command, stdout=pipe, stderr=pipe) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        assert process.poll() is None
        process.send_signal(by)
        assert process.wait(20) == -by == process.poll()


def test_its_parent_is_the_server() -> None:
    command = [sys.executable, "-c", "import os; print(os.getppid())"]
    parents = [run(command, capture_output=True).stdout for run in RUNS]
    assert parents[0] != b"%d\n" % os.getpid() == parents[1]


def test_another_program_is_started_as_always() -> None:
    done = forked_python.run(["sh", "-c", "echo $PPID"], capture_output=True, text=True)
    assert int(done.stdout) == os.getpid()
