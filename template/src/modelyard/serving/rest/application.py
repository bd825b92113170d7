"""FastAPI's application as it is, observed as a whole."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from ...console import UserError
from ...project import wanted
from .instrumentation import Observer
from .service import Service


class Application(FastAPI):
    """An application whose every answer is counted and logged, that of a middleware included.

    Args:
        service: the state of the server, kept as `app.state.service`.
        settings: FastAPI's own.
    """

    def __init__(self, service: Service, **settings: Any) -> None:
        super().__init__(**settings)
        self.state.service, self.direct = service, False

    def build_middleware_stack(self) -> ASGIApp:
        """Put the observer around all other middleware.

        Whether telemetry is on is asked here, once; FastAPI would ask at each request, which takes
        a twentieth of a prediction's time.
        """
        telemetry = getattr(self, "_native_telemetry", None)
        self.direct = not (telemetry is None or telemetry.enabled() or self.root_path)
        return Observer(super().build_middleware_stack(), self.state.service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self.direct and self.middleware_stack and scope["type"] == "http":
            scope["app"] = self
            await self.middleware_stack(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def load(package: str) -> Application:
    """Import a project's application, and load its model.

    Raises:
        UserError: `serving/rest.py` is not there, its `app` was not made by `create_app`, or its
            model is missing or altered.
    """
    app = wanted(f"{package}.serving.rest", "app")
    if not isinstance(app, Application):
        raise UserError("serving/rest.py: app is not what create_app() has made")
    app.state.service.load()
    return app
