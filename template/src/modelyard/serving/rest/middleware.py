"""Middleware: instrumentation of requests, authentication, and limited admission."""

import hmac
import itertools
import re
import secrets
import time
import traceback
from importlib.resources import files
from typing import Any

from fastapi import Security
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .responses import HEADERS, NO_TOKEN, RequestError, errors
from .service import Service
from .telemetry import Metrics, log

PLAIN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
CLOSE = (b"connection", b"close")
PATHS = {"/predict", "/feedback", "/health", "/ready", "/version", "/schema", "/metrics", "/docs"}
PUBLIC = frozenset({"/health", "/ready", "/metrics"})
MISSING = "the token is missing: send the header Authorization: Bearer TOKEN"
INVALID = "the token differs from the value of REST_TOKEN"
BEARER = HTTPBearer(scheme_name="token", description="value of REST_TOKEN", auto_error=False)
DOCUMENTED: dict[str, Any] = {"dependencies": [Security(BEARER)], "responses": errors(NO_TOKEN)}


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


class Authentication:
    """Middleware that responds 401 to requests without the token (RFC 6750), except public ones."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or reject it with 401."""
        if scope["type"] == "http" and scope["path"] not in PUBLIC:
            sent = bearer_token(scope)
            if not hmac.compare_digest(sent, self.token):
                await refusal(scope, INVALID if sent else MISSING)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def refusal(scope: Scope, error: str) -> Response:
    """Return a response without the token; a browser at `/docs` gets a form that asks for it."""
    if scope["path"] == "/docs" and "text/html" in Headers(scope=scope).get("accept", ""):
        form = files(__package__).joinpath("token.html").read_text("utf-8")
        return HTMLResponse(form, 401, HEADERS[401])
    return RequestError(401, error).response()


def bearer_token(scope: Scope) -> bytes:
    """Return the token of a request, empty if it has none."""
    header = Headers(scope=scope).get("authorization")
    scheme, token = get_authorization_scheme_param(header)
    return token.encode("latin-1") if scheme.lower() == "bearer" else b""


class Admission:
    """Middleware that admits a limited number of requests, and rejects others unread.

    A request is in progress from its headers to the end of its response.
    """

    def __init__(self, app: ASGIApp, path: str, limit: int, metrics: Metrics) -> None:
        self.app, self.limit, self.in_progress = app, limit, 0
        self.gauge = metrics.in_progress.labels(path)
        self.rejected = metrics.refused.labels(path)
        text = f"{limit:,} requests are in progress, REST_MAX_WAITING allows no more"
        self.busy = RequestError(503, text).response()  # built once: to reject must be cheap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or reject it with 503."""
        if self.in_progress >= self.limit:
            self.rejected.inc()
            await self.busy(scope, receive, send)
            return
        self.in_progress += 1
        self.gauge.inc()
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_progress -= 1
            self.gauge.dec()
