"""With REST_TOKEN, a request must bring that token: RFC 6750's `Authorization: Bearer …`."""

import hmac
from typing import Any

from fastapi import Security
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import Refusal
from .responses import NO_TOKEN, errors

OPEN = frozenset({"/health", "/ready", "/metrics"})
NEEDED = "a token is needed: send the header Authorization: Bearer TOKEN"
WRONG = "the token is not the one that REST_TOKEN says"
BEARER = HTTPBearer(scheme_name="token", description="what REST_TOKEN says", auto_error=False)
DOCUMENTED: dict[str, Any] = {"dependencies": [Security(BEARER)], "responses": errors(NO_TOKEN)}


class Access:
    """Middleware that answers 401 to who has no token, on each path that is not open to all."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] not in OPEN:
            brought = brought_token(scope)
            if not hmac.compare_digest(brought, self.token):
                refusal = Refusal(401, WRONG if brought else NEEDED)
                await refusal.response()(scope, receive, send)
                return
        await self.app(scope, receive, send)


def brought_token(scope: Scope) -> bytes:
    """Give the token that a request brings, empty if there is none."""
    header = Headers(scope=scope).get("authorization")
    scheme, token = get_authorization_scheme_param(header)
    return token.encode("latin-1") if scheme.lower() == "bearer" else b""
