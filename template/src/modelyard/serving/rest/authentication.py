"""Bearer authentication (RFC 6750): with REST_TOKEN set, requests must send that token."""

import hmac
from importlib.resources import files
from typing import Any

from fastapi import Security
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .responses import HEADERS, NO_TOKEN, RequestError, errors

PUBLIC = frozenset({"/health", "/ready", "/metrics"})
MISSING = "the token is missing: send the header Authorization: Bearer TOKEN"
INVALID = "the token differs from the value of REST_TOKEN"
BEARER = HTTPBearer(scheme_name="token", description="value of REST_TOKEN", auto_error=False)
DOCUMENTED: dict[str, Any] = {"dependencies": [Security(BEARER)], "responses": errors(NO_TOKEN)}


class Authentication:
    """Middleware that responds 401 to requests without the token, except on public paths."""

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
