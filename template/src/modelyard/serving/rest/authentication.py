"""Bearer authentication (RFC 6750): with REST_TOKEN set, requests must send that token."""

import hmac
from typing import Any

from fastapi import Security
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import RequestError
from .responses import NO_TOKEN, errors

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
                error = RequestError(401, INVALID if sent else MISSING)
                await error.response()(scope, receive, send)
                return
        await self.app(scope, receive, send)


def bearer_token(scope: Scope) -> bytes:
    """Return the token of a request, empty if it has none."""
    header = Headers(scope=scope).get("authorization")
    scheme, token = get_authorization_scheme_param(header)
    return token.encode("latin-1") if scheme.lower() == "bearer" else b""
