"""uvicorn's workers, whose ends are kept book of."""

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
    """Starts workers, starts others in the place of those that die or hang, ends all together.

    Args:
        config: what they serve.
        taken: the port, which listens.
        metrics: the folder in which they add up their counters.
    """

    def __init__(self, config: Config, taken: socket.socket, metrics: Path) -> None:
        super().__init__(config, [taken])
        self.metrics, self.known = metrics, set[Process]()
        self.processes_num = 1
        self.most_stop_s = (config.timeout_graceful_shutdown or 0) + KILL_AFTER_S

    def start_first(self) -> None:
        """Start a worker alone, until it is ready: if it cannot load the model, no other can.

        Raises:
            SystemExit: it ended, and said why.
        """
        super().init_processes()
        (first,) = self.processes
        while not (self.signal_queue or first.is_ready(POLL_S)):
            if not first.process.is_alive():
                sys.exit(1)
            time.sleep(POLL_S)
        self.lengthen_queue()

    def lengthen_queue(self) -> None:
        """Let connections wait at the port: a worker that starts makes room for one only.

        asyncio has one number for the queue's length and for how many a worker takes in a row.
        """
        self.sockets[0].listen(socket.SOMAXCONN)

    def init_processes(self) -> None:
        """Start the others."""
        while len(self.processes) < self.config.workers and not self.signal_queue:
            self.handle_ttin()
        self.known = set(self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died or hang; what they counted stays, what they were doing not."""
        self.lengthen_queue()
        super().keep_subprocess_alive()
        for worker in self.known.difference(self.processes):
            print(f"a worker ended ({worker.exitcode}), another starts", file=sys.stderr)
            mark_process_dead(worker.pid, str(self.metrics))
        self.known = set(self.processes)

    def join_all(self) -> None:
        """Wait until all have ended; kill those that take too long."""
        latest = time.monotonic() + self.most_stop_s
        for worker in self.processes:
            worker.process.join(max(0.0, latest - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
