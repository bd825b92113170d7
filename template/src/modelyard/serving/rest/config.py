"""uvicorn's configuration of the service."""

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

HUNG_AFTER_S = 30  # a large body may keep a worker from answering its parent for some seconds


class Config(uvicorn.Config):
    """Serves a project's application, with nothing that a request does not need.

    The process that looks after workers never loads it, and stays small.
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
            backlog=2048 if limits.rest_workers == 1 else 1,  # so that each worker gets some
            timeout_graceful_shutdown=limits.rest_stop_timeout_s,  # type: ignore[arg-type]
            timeout_worker_healthcheck=HUNG_AFTER_S,
        )
        self.package = package

    def load_app(self) -> "Application":
        """Import the application and load its model.

        What a reader can mend ends the process with one line. Its exit code is not uvicorn's for a
        failed start, by which one of several workers would end the others.
        """
        from .application import load  # here: it brings the web framework and the model's runtime

        threading.Thread(target=stop_without_parent, daemon=True).start()
        try:
            return load(self.package)
        except UserError as mistake:
            sys.exit(f"error: {mistake}")


def stop_without_parent() -> None:
    """Stop this worker once the process that started it is gone: nobody else would."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
