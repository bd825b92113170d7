"""What is kept of each request: one JSON line on standard output, counters, an id."""

import re
import secrets
import sys
import time
from datetime import UTC, datetime

from pydantic_core import to_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .rest_metrics import Metrics

SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
PATHS = {
    "/predict",
    "/health",
    "/ready",
    "/version",
    "/schema",
    "/metrics",
    "/docs",
    "/openapi.json",
}


class Observer:
    """Middleware that logs and counts requests, and gives each answer its request's id.

    Args:
        app: what answers.
        metrics: where requests are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Keep both."""
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and keep what happened."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, name = time.perf_counter(), 500, request_id(scope)

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", name))
            await send(message)

        try:
            await self.app(scope, receive, observed)
        finally:
            self.keep(scope, name, status, time.perf_counter() - start)

    def keep(self, scope: Scope, name: bytes, status: int, seconds: float) -> None:
        """Count a request and write its line."""
        path = scope["path"]
        self.metrics.request(scope["method"], path if path in PATHS else "other", status, seconds)
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": name.decode(),
            "method": scope["method"],
            "path": path,
            "status": status,
            "ms": round(seconds * 1000, 3),
            "rows": scope.get("rows", 0),
        }
        sys.stdout.write(to_json(line).decode() + "\n")
        sys.stdout.flush()


def request_id(scope: Scope) -> bytes:
    """Take over the client's id if it is short and plain, else make one."""
    for key, value in scope["headers"]:
        if key == b"x-request-id" and SANE_ID.fullmatch(value):
            return value
    return secrets.token_hex(8).encode()
