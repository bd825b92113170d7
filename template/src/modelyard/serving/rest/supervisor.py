"""Several workers on one port: started one after the other, started again, ended together."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

from ...console import UserError
from ...project import VARIABLE
from .limits import Limits

POLL_S = 0.1
LEAST_LIFE_S = 1.0
KILL_AFTER_S = 5.0


@dataclass
class Worker:
    """A process that serves, and the line on which it tells the version that it has loaded."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    born: float = field(default_factory=time.monotonic)
    version: str = ""

    def look(self) -> bool:
        """Hear what the worker told; say whether it lives."""
        with suppress(OSError):  # it has told nothing yet, or is gone
            self.version = self.version or self.line.recv(100).decode()
        return self.process.poll() is None


class Supervisor:
    """Keeps workers at work.

    The first one starts alone: if it cannot load the model, neither can the others.

    Args:
        taken: the port, bound.
        package: the name of the project's package.
        limits: the settings; workers read theirs from the same environment.
        metrics: an empty folder in which the workers add up their counters.
    """

    def __init__(self, taken: socket.socket, package: str, limits: Limits, metrics: Path) -> None:
        """Start without workers."""
        self.taken, self.limits, self.metrics = taken, limits, metrics
        self.package = package
        self.workers: list[Worker] = []
        self.stopping = False

    def run(self, told: str) -> None:
        """Serve until told to stop; say `told` once a worker is ready.

        Raises:
            SystemExit: the first worker ended before it was ready, and said why.
        """
        try:
            self.workers = [self.start()]
            while not self.stopping and not self.workers[0].version:
                if not self.workers[0].look():
                    sys.exit(self.workers[0].process.returncode)
                time.sleep(POLL_S)
            if not self.stopping:
                print(f"serving {self.workers[0].version} {told}", file=sys.stderr)
            self.keep()
        finally:
            self.end()

    def start(self) -> Worker:
        """Start a worker."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        passed = [self.taken.fileno(), theirs.fileno()]
        command = [sys.executable, "-m", f"{__package__}.worker", *map(str, passed)]
        settings = {"PROMETHEUS_MULTIPROC_DIR": str(self.metrics), VARIABLE: self.package}
        with theirs:
            process = subprocess.Popen(command, env=os.environ | settings, pass_fds=passed)
        return Worker(process, ours)

    def keep(self) -> None:
        """Keep all workers alive until told to stop."""
        while not self.stopping:
            while len(self.workers) < self.limits.rest_workers:
                self.workers.append(self.start())
            self.workers = [self.alive(worker) for worker in self.workers]
            time.sleep(POLL_S)

    def alive(self, worker: Worker) -> Worker:
        """Give the worker, or another one in its place if it has ended."""
        if worker.look() or time.monotonic() - worker.born < LEAST_LIFE_S:
            return worker
        print(f"a worker ended ({worker.process.returncode}), another starts", file=sys.stderr)
        self.bury(worker)
        return self.start()

    def bury(self, worker: Worker) -> None:
        """Forget what a worker that ended was doing; what it has counted stays."""
        worker.line.close()
        mark_process_dead(worker.process.pid, str(self.metrics))

    def end(self) -> None:
        """End all workers, those that answer a request when that is done."""
        for worker in self.workers:
            worker.process.terminate()
        latest = time.monotonic() + self.limits.rest_stop_timeout_s + KILL_AFTER_S
        for worker in self.workers:
            try:
                worker.process.wait(max(0.0, latest - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            self.bury(worker)


def supervise(taken: socket.socket, package: str, limits: Limits, address: str) -> None:
    """Serve a port by several workers until SIGTERM or Ctrl+C.

    Raises:
        UserError: this system cannot.
    """
    refuse_on(os.name, limits.rest_workers)
    with taken, tempfile.TemporaryDirectory() as metrics:
        taken.listen(socket.SOMAXCONN)
        supervisor = Supervisor(taken, package, limits, Path(metrics))

        def stop(*_: object) -> None:
            supervisor.stopping = True

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, stop)
        supervisor.run(f"on {address}, {limits.rest_workers} workers")


def refuse_on(system: str, workers: int) -> None:
    """Refuse several workers where processes cannot share a port.

    Raises:
        UserError: it is Windows.
    """
    if system == "nt":
        raise UserError(
            f"REST_WORKERS is {workers}, allowed on Windows is 1; "
            "start several services there, each on a --port of its own"
        )
