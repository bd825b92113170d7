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

if TYPE_CHECKING:
    from .application import Application

HUNG_AFTER_S = 30  # a large body may block a worker's health check for some seconds


class Config(uvicorn.Config):
    """uvicorn configuration for a project's application, without features that it does not use.

    The parent process of workers never loads the application, and stays small.
    """

    def __init__(self, package: str, limits: Limits) -> None:
        super().__init__(
            f"{package}.serving.rest:app",
            http="httptools",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            workers=limits.rest_workers,
            backlog=2048 if limits.rest_workers == 1 else 1,  # spreads connections over workers
            timeout_graceful_shutdown=limits.rest_stop_timeout_s,  # type: ignore[arg-type]
            timeout_worker_healthcheck=HUNG_AFTER_S,
        )
        self.package = package

    def load_app(self) -> "Application":
        """Import the application and load its model.

        A user error ends the process with one line. Its exit code differs from uvicorn's for a
        failed start, with which one of several workers would stop the others.
        """
        from .application import load  # here: it imports the web framework and ONNX Runtime

        threading.Thread(target=stop_without_parent, daemon=True).start()
        try:
            return load(self.package)
        except UserError as error:
            sys.exit(f"error: {error}")


def stop_without_parent() -> None:
    """Stop this worker when its parent process has ended, as nothing else would."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
