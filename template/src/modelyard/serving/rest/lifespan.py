"""What the service does from its start to its end."""

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
    """Load the model, look for newer ones, and write at the end what is yet to be recorded.

    Raises:
        UserError: the model is missing or altered.
    """
    if not service.predictor:
        service.load()
    notice_stop(service)
    watching = asyncio.create_task(Reloader(service).watch())
    yield
    watching.cancel()
    await asyncio.to_thread(service.recorder.close)


def notice_stop(service: Service) -> None:
    """Let answers end their connections from the signal to stop on.

    A connection that comes while uvicorn stops is else kept alive until the stop timeout cuts it.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, partial(stop, service, handler))


def stop(service: Service, handler: Callable[..., Any], *received: Any) -> None:
    """Note a signal to stop, and hand it on to the server's handler."""
    service.stopping = True
    handler(*received)
