"""A REST service to be compared: one that runs, or a process started from a model's folder."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ...project import VARIABLE

SERVING = re.compile(rb"serving \S+ on http://([0-9.]+:\d+)")
START_S, STOP_S, POLL_S = 60.0, 10.0, 0.05


class NotServing(Exception):
    """A folder's model cannot be served; the text says why."""


@contextmanager
def serving(where: str, package: str, code: Path | None = None) -> Iterator[str]:
    """Give the host and port of a service for the length of a `with` block.

    Args:
        where: `http://HOST:PORT` of one that runs, or the folder of a model.
        package: the name of the project's package.
        code: the `src/` to serve the model by; None for that of this process.

    Raises:
        NotServing: the folder's model cannot be served.
    """
    if where.startswith("http://"):
        yield where.removeprefix("http://").rstrip("/")
        return
    with TemporaryDirectory() as records, (Path(records) / "log").open("w+b") as log:
        process = start(Path(where), Path(records), log.fileno(), package, code)
        try:
            yield wait(process, Path(log.name))
        finally:
            stop(process)


def start(
    folder: Path, records: Path, log: int, package: str, code: Path | None
) -> "subprocess.Popen[bytes]":
    """Start a service that keeps to itself: a free port, one worker, no token, its own records."""
    own = {"MODEL_DIR": str(folder), "REST_RECORD_DIR": str(records), "REST_RELOAD_S": "0"}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REST_")}
    own[VARIABLE] = package
    if code:
        own["PYTHONPATH"] = str(code.absolute())
    command = [sys.executable, "-m", "modelyard.serving.rest", "--port", "0"]
    return subprocess.Popen(command, env=plain | own, stdout=log, stderr=log)


def wait(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until a service says where it serves.

    Raises:
        NotServing: it ended, or was not ready in time.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        ended, told = process.poll() is not None, log.read_bytes()
        if found := SERVING.search(told):
            return found[1].decode()
        if ended:
            raise NotServing((told.decode(errors="replace").strip().splitlines() or ["ended"])[-1])
        time.sleep(POLL_S)
    raise NotServing(f"it was not ready within {START_S:g} s")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a service, politely first."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
