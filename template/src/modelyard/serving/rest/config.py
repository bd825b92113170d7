"""uvicorn configuration of the service."""

import multiprocessing
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from ...console import UserError
from .limits import Limits
from .protocol import Protocol

if TYPE_CHECKING:
    from .app import Application

OWN_FILES = 64  # files that the service itself may have open
HUNG_AFTER_S = 30  # a large body may block a worker's health check for some seconds


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
