"""Supervisor of uvicorn workers that cleans up the metrics of ended workers."""

import socket
import sys
import time
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from .config import Config

POLL_S = 0.1
KILL_AFTER_S = 5.0


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
