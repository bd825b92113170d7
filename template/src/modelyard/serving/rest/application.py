"""FastAPI's application as it is, observed as a whole."""

from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from .metrics import Metrics
from .observer import Observer


class Application(FastAPI):
    """An application whose every answer is counted and logged, that of a middleware included.

    Args:
        metrics: where requests are counted.
        settings: FastAPI's own.
    """

    def __init__(self, metrics: Metrics, **settings: Any) -> None:
        """Start without routes of ours."""
        super().__init__(**settings)
        self.metrics, self.direct = metrics, False

    def build_middleware_stack(self) -> ASGIApp:
        """Put the observer around all other middleware, in the place of the one for errors.

        Whether telemetry is on is asked here, once; FastAPI would ask at each request, which takes
        a twentieth of a prediction's time.
        """
        telemetry = getattr(self, "_native_telemetry", None)
        self.direct = not (telemetry is None or telemetry.enabled() or self.root_path)
        stack, handlers = super().build_middleware_stack(), self.exception_handlers
        handler = handlers.get(500) or handlers.get(Exception)
        errors = partial(ServerErrorMiddleware, handler=handler, debug=self.debug)
        inner = stack.app if isinstance(stack, ServerErrorMiddleware) else stack
        return Observer(inner, self.metrics, errors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self.direct and self.middleware_stack and scope["type"] == "http":
            scope["app"] = self
            await self.middleware_stack(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
