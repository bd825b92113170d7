"""uvicorn's configuration of the service, and a supervisor of its workers."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from ...console import UserError
from .limits import Limits
from .protocol import Protocol

if TYPE_CHECKING:
    from .app import Application

OWN_FILES = 64  # files that the service itself may have open
HUNG_AFTER_S = 30  # a large body may block a worker's health check for some seconds
POLL_S = 0.1
KILL_AFTER_S = 5.0


class Config(uvicorn.Config):
    """uvicorn configuration for a project's application, without features that it does not use.

    The parent process of workers never loads the application, and stays small.
    """

    def __init__(self, package: str, limits: Limits) -> None:
        super().__init__(
            f"{package}.serving.rest:app",
            http=Protocol,
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            workers=limits.rest_workers,
            backlog=1,  # spreads connections over workers, and opens no more files than allowed
            timeout_keep_alive=limits.rest_keep_alive_s,  # type: ignore[arg-type]
            timeout_graceful_shutdown=limits.rest_stop_timeout_s,  # type: ignore[arg-type]
            timeout_worker_healthcheck=HUNG_AFTER_S,
        )
        self.package, self.limits = package, limits
        self.max_connections = max_connections(limits.rest_max_connections)

    def load_app(self) -> "Application":
        """Import the application and load its model.

        A user error ends the process with one line. Its exit code differs from uvicorn's for a
        failed start, with which one of several workers would stop the others.
        """
        from .app import load  # here: it imports the web framework and ONNX Runtime

        threading.Thread(target=stop_without_parent, daemon=True).start()
        try:
            return load(self.package)
        except UserError as error:
            sys.exit(f"error: {error}")


def max_connections(wanted: int) -> int:
    """Return how many connections are allowed: less than `wanted` if few files may be open."""
    files = os.sysconf("SC_OPEN_MAX") if hasattr(os, "sysconf") else -1
    return wanted if files < 0 else max(1, min(wanted, files - OWN_FILES))


def stop_without_parent() -> None:
    """Stop this worker when its parent process has ended, as nothing else would."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


class Workers(Multiprocess):
    """Starts workers, replaces those that die or hang, and stops all of them."""

    def __init__(self, config: Config, listener: socket.socket, metrics: Path) -> None:
        super().__init__(config, [listener])
        self.metrics, self.known = metrics, set[Process]()
        self.processes_num = 1
        self.max_stop_s = (config.timeout_graceful_shutdown or 0) + KILL_AFTER_S

    def start_first(self) -> None:
        """Start one worker and wait until it is ready: if it cannot load the model, none can."""
        super().init_processes()
        (first,) = self.processes
        while not (self.signal_queue or first.is_ready(POLL_S)):
            if not first.process.is_alive():
                sys.exit(1)
            time.sleep(POLL_S)
        self.lengthen_queue()

    def lengthen_queue(self) -> None:
        """Restore the backlog of the socket, which each starting worker sets to one.

        asyncio uses one number for the backlog and for the connections a worker accepts in a row.
        """
        self.sockets[0].listen(socket.SOMAXCONN)

    def init_processes(self) -> None:
        """Start the other workers."""
        while len(self.processes) < self.config.workers and not self.signal_queue:
            self.handle_ttin()
        self.known = set(self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died or hang; their counters stay, their requests are lost."""
        self.lengthen_queue()
        super().keep_subprocess_alive()
        for worker in self.known.difference(self.processes):
            print(f"worker exited ({worker.exitcode}), starting another", file=sys.stderr)
            mark_process_dead(worker.pid, str(self.metrics))
        self.known = set(self.processes)

    def terminate_all(self) -> None:
        """Stop all workers when they have accepted the connections that wait, and no new ones."""
        self.sockets[0].listen(0)
        super().terminate_all()
        self.sockets[0].close()

    def join_all(self) -> None:
        """Wait until all workers have ended; kill those that take too long."""
        deadline = time.monotonic() + self.max_stop_s
        for worker in self.processes:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
