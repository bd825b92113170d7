"""Servers that run as long as they are needed, and what memory they take."""

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
    """A side that answers on a port; the number is of its first process."""

    side: Side
    port: int
    process: int

    def memory_mb(self) -> float:
        """Give the resident memory of it and all that it started, in MB of a million bytes."""
        listed = subprocess.run(["ps", "-Ao", "pid=,ppid=,rss="], capture_output=True, check=True)
        return tree_kb(self.process, listed.stdout.decode()) * 1024 / 1e6


def tree_kb(process: int, listed: str) -> int:
    """Sum up what a process and its descendants take.

    Args:
        process: its number.
        listed: a line for each process: its number, its parent's, its kilobytes.
    """
    lines = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family, before = {process}, 0
    while len(family) > before:
        before = len(family)
        family |= {number for number, parent, _ in lines if parent in family}
    return sum(kb for number, _, kb in lines if number in family)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(side: Side, project: Trained, body: Path) -> Iterator[Server]:
    """Run a side with one worker until it is no longer needed.

    Args:
        side: what is run.
        project: its folder is where it runs.
        body: a file with what clients will send; a file beside it takes what the side prints.

    Raises:
        SystemExit: it is not ready in time.
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
        SystemExit: it ended, or took too long; the text is the end of what it printed.
    """
    latest = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < latest:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def stop(process: "subprocess.Popen[Any]") -> None:
    """End a server and all that it started, politely first."""
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, last_word)
            process.wait(STOP_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
