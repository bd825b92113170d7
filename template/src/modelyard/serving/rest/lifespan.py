"""Startup and shutdown of the service."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from .reload import Reloader
from .service import Service


@asynccontextmanager
async def lifespan(service: Service, _: FastAPI) -> AsyncIterator[None]:
    """Load the model, watch for newer ones, and write pending records on shutdown."""
    if not service.predictor:
        service.load()
    install_stop_handlers(service)
    watcher = asyncio.create_task(Reloader(service).watch())
    yield
    watcher.cancel()
    await asyncio.to_thread(service.recorder.close)


def install_stop_handlers(service: Service) -> None:
    """Close connections with their response as soon as the process is asked to stop.

    Otherwise a connection opened while uvicorn stops would stay open until the stop timeout.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, partial(stop, service, handler))


def stop(service: Service, handler: Callable[..., Any], *received: Any) -> None:
    """Mark the service as stopping, and call the server's own signal handler."""
    service.stopping = True
    handler(*received)
