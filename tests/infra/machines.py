"""Simulated machines, each with its own network, processes, /mnt and shared memory.

They are unnamed namespaces, of which nothing is left when their first process ends.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.infra.engine import require_tools

UNSHARE = ["unshare", "--net", "--pid", "--mount", "--ipc", "--fork", "--kill-child"]
BOOT = "mount -t tmpfs none /mnt && mount -t tmpfs none /dev/shm && echo up && exec sleep infinity"
ENTER = ["--net", "--pid", "--mount", "--ipc"]


@dataclass(frozen=True)
class Machine:
    """A machine: its first process as numbered outside, its address, its namespace."""

    first: int
    address: str
    namespace: str

    def command(self, *words: object, folder: Path = Path("/")) -> list[str]:
        """Return the command that runs another one on this machine."""
        target = ["nsenter", "--target", str(self.first), *ENTER, f"--wd={folder}"]
        return [*target, *map(str, words)]

    def run(self, *words: object) -> None:
        """Run a command on this machine; fail if it fails."""
        done = subprocess.run(self.command(*words), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def start(
        self, *words: object, environment: Mapping[str, str], log: IO[bytes]
    ) -> "subprocess.Popen[bytes]":
        """Start a command on this machine."""
        return subprocess.Popen(self.command(*words), env=environment, stdout=log, stderr=log)

    def processes(self) -> list[int]:
        """Return the processes of this machine, as numbered outside."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.has(pid)]

    def has(self, pid: int) -> bool:
        """Return whether a process runs on this machine."""
        try:
            return os.readlink(f"/proc/{pid}/ns/pid") == self.namespace
        except OSError:
            return False

    def die(self) -> None:
        """Kill all processes of this machine at once."""
        os.kill(self.first, signal.SIGKILL)


def title(pid: int) -> str:
    """Return the command line of a process; empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def machines(count: int) -> Iterator[list[Machine]]:
    """Start machines that reach each other, and nothing else, as 10.77.0.1 and so on."""
    require_tools("unshare", "nsenter", "ip")
    if os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("only root can make machines")
    with ExitStack() as running:
        booted = [running.enter_context(machine(f"10.77.0.{n + 1}")) for n in range(count)]
        first = booted[0]
        first.run("ip", "link", "add", "lan", "type", "bridge")
        for number, other in enumerate(booted[1:]):
            wire = ["ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "lan"]
            outside = ["nsenter", "--target", str(first.first), "--net"]
            subprocess.run([*outside, *wire, "netns", str(other.first)], check=True)
            first.run("ip", "link", "set", f"port{number}", "master", "lan", "up")
        for one in booted:
            one.run("ip", "addr", "add", f"{one.address}/24", "dev", "lan")
            one.run("ip", "link", "set", "lan", "up")
            one.run("ip", "link", "set", "lo", "up")
        yield booted


@contextmanager
def machine(address: str) -> Iterator[Machine]:
    """Start a machine that is not yet connected to others; at the end, none of it is left.

    The open file keeps the namespace's number from being given to another namespace meanwhile.
    """
    process = subprocess.Popen(
        [*UNSHARE, "--mount-proc", "sh", "-c", BOOT],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        first = int(children.split()[0])
        made = Machine(first, address, os.readlink(f"/proc/{first}/ns/pid"))
        with open(f"/proc/{first}/ns/pid", "rb"):
            yield made
            process.kill()
            wait_until_gone(made)
    finally:
        process.kill()
        process.wait(30)


def wait_until_gone(machine: Machine) -> None:
    """Wait until all processes of a machine have ended."""
    end = time.monotonic() + 60
    while machine.processes():
        assert time.monotonic() < end, f"{machine.processes()} outlive their machine"
        time.sleep(0.05)
