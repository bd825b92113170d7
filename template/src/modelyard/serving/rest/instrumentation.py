"""Instrumentation of each request: request id, log line and metrics."""

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


class Instrumentation:
    """Middleware that logs and counts requests, and adds the header X-Request-ID to responses."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self.service = app, service
        self.server, self.numbers = secrets.token_hex(4).encode(), itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, then log and count it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, request_id = time.perf_counter(), 0, self.request_id(scope)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
                if self.service.stopping:
                    message["headers"].append(CLOSE)
            await send(message)

        scope["request_id"] = request_id
        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            traceback.print_exc()
        finally:
            self.record(scope, request_id, status, time.perf_counter() - start)

    def request_id(self, scope: Scope) -> bytes:
        """Return the client's request id if it is valid, else a new one."""
        for key, value in scope["headers"]:
            if key == b"x-request-id" and PLAIN_ID.fullmatch(value):
                return bytes(value)
        return b"%b-%d" % (self.server, next(self.numbers))

    def record(self, scope: Scope, request_id: bytes, status: int, seconds: float) -> None:
        """Count and log a request; status 0 means that the server stopped before responding."""
        method, path = scope["method"], scope["path"]
        label = path if path in PATHS else "other"
        self.service.metrics.count_request(method, label, status, seconds)
        log(
            request_id=request_id.decode(),
            method=method,
            path=path,
            status=status,
            ms=round(seconds * 1000, 3),
            rows=scope.get("rows", 0),
        )
