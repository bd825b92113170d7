"""What is kept of each request: its id, its line in the log, its place in the metrics."""

import itertools
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .log import log
from .metrics import Metrics

PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
PATHS = {"/predict", "/feedback", "/health", "/ready", "/version", "/schema", "/metrics", "/docs"}


class Observer:
    """Middleware that logs and counts requests, and gives each answer its request's id.

    An error that nobody expected becomes a 500 here, and its traceback goes to standard error.

    Args:
        app: what answers.
        metrics: where requests are counted.
        errors: given what raises an error, answers as the application has it.
    """

    def __init__(
        self, app: ASGIApp, metrics: Metrics, errors: Callable[[ASGIApp], ASGIApp]
    ) -> None:
        """Keep all, and begin to number requests."""
        self.app, self.metrics, self.errors = app, metrics, errors
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
            await send(message)

        scope["request_id"] = name
        try:
            await self.app(scope, receive, observed)
        except Exception as failure:
            traceback.print_exc()
            if not status:
                await self.failed(failure, scope, receive, observed)
        finally:
            self.keep(scope, name, status, time.perf_counter() - start)

    async def failed(self, failure: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that failed before its answer began."""

        async def again(*_: object) -> None:
            raise failure

        with suppress(type(failure)):  # what answers an error raises it again
            await self.errors(again)(scope, receive, send)

    def request_id(self, scope: Scope) -> bytes:
        """Take over the client's id if it is short and plain, else make one."""
        for key, value in scope["headers"]:
            if key == b"x-request-id" and PLAIN_ID.fullmatch(value):
                return bytes(value)
        return b"%b-%d" % (self.server, next(self.numbers))

    def keep(self, scope: Scope, name: bytes, status: int, seconds: float) -> None:
        """Count a request and log it; a status of 0 says that the server stopped before it."""
        method, path = scope["method"], scope["path"]
        self.metrics.request(method, path if path in PATHS else "other", status, seconds)
        log(
            request_id=name.decode(),
            method=method,
            path=path,
            status=status,
            ms=round(seconds * 1000, 3),
            rows=scope.get("rows", 0),
        )
