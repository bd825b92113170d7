"""What is kept of each request: its id, its line in the log, its place in the metrics."""

import itertools
import re
import secrets
import time
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .log import log
from .service import Service

PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
CLOSE = (b"connection", b"close")
PATHS = {"/predict", "/feedback", "/health", "/ready", "/version", "/schema", "/metrics", "/docs"}


class Observer:
    """Middleware that logs and counts requests, and gives each answer its request's id.

    Args:
        app: what answers; an error that nobody expected it answers and raises.
        service: where requests are counted; once it stops, each answer ends its connection.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self.service = app, service
        self.server, self.numbers = secrets.token_hex(4).encode(), itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and keep what happened."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, name = time.perf_counter(), 0, self.request_id(scope)

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", name)]
                if self.service.stopping:
                    message["headers"].append(CLOSE)
            await send(message)

        scope["request_id"] = name
        try:
            await self.app(scope, receive, observed)
        except Exception:
            traceback.print_exc()
        finally:
            self.keep(scope, name, status, time.perf_counter() - start)

    def request_id(self, scope: Scope) -> bytes:
        """Take over the client's id if it is short and plain, else make one."""
        for key, value in scope["headers"]:
            if key == b"x-request-id" and PLAIN_ID.fullmatch(value):
                return bytes(value)
        return b"%b-%d" % (self.server, next(self.numbers))

    def keep(self, scope: Scope, name: bytes, status: int, seconds: float) -> None:
        """Count a request and log it; a status of 0 says that the server stopped before it."""
        method, path = scope["method"], scope["path"]
        self.service.metrics.request(method, path if path in PATHS else "other", status, seconds)
        log(
            request_id=name.decode(),
            method=method,
            path=path,
            status=status,
            ms=round(seconds * 1000, 3),
            rows=scope.get("rows", 0),
        )
