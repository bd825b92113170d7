"""Server processes for the duration of a `with` block, and their memory."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.serving.environments import settings
from benchmarks.serving.sides import Side
from benchmarks.serving.trained import Trained

START_S, STOP_S = 120, 15


@dataclass(frozen=True)
class Server:
    """A running side: its port, and the id of its first process."""

    side: Side
    port: int
    process: int

    def memory_mb(self) -> float:
        """Return the resident memory of its processes, in MB of a million bytes."""
        listed = subprocess.run(["ps", "-Ao", "pid=,ppid=,rss="], capture_output=True, check=True)
        return tree_kb(self.process, listed.stdout.decode()) * 1024 / 1e6


def tree_kb(process: int, listed: str) -> int:
    """Return the memory of a process and its descendants.

    Args:
        process: its id.
        listed: a line for each process: its id, its parent's id, its kilobytes.
    """
    lines = [tuple(map(int, line.split())) for line in listed.splitlines()]
    tree, before = {process}, 0
    while len(tree) > before:
        before = len(tree)
        tree |= {number for number, parent, _ in lines if parent in tree}
    return sum(kb for number, _, kb in lines if number in tree)


def free_port() -> int:
    """Return an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(side: Side, project: Trained, body: Path) -> Iterator[Server]:
    """Run a side with one worker during a `with` block.

    Args:
        side: the side to run.
        project: the side runs in its folder.
        body: a file with the body that clients send; the log is written next to it.

    Raises:
        SystemExit: the server is not ready in time.
    """
    port, log = free_port(), body.with_name(f"{side.name}.log")
    command = side.words(project, port=port, body=body)
    environment = settings(project) | {"OMP_NUM_THREADS": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=project.folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}{side.ready}", process, log)
        yield Server(side, port, process.pid)
    finally:
        stop(process)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers 200.

    Raises:
        SystemExit: it exited, or took too long; the message is the end of its log.
    """
    latest = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < latest:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not respond: {log.read_text('utf-8', 'replace')[-2000:]}")


def stop(process: "subprocess.Popen[Any]") -> None:
    """Stop a server and its child processes, with SIGTERM first."""
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, last_word)
            process.wait(STOP_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
