"""FastAPI application whose every response is logged and counted."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from ...console import UserError
from ...project import import_attribute
from .instrumentation import Instrumentation
from .service import Service


class Application(FastAPI):
    """FastAPI application that logs and counts every response, also those of middleware."""

    def __init__(self, service: Service, **settings: Any) -> None:
        super().__init__(**settings)
        self.state.service, self.skip_telemetry = service, False

    def build_middleware_stack(self) -> ASGIApp:
        """Put the instrumentation around all other middleware.

        This checks once whether telemetry is enabled; FastAPI checks it in each request, which
        takes a twentieth of a prediction's time.
        """
        telemetry = getattr(self, "_native_telemetry", None)
        self.skip_telemetry = not (telemetry is None or telemetry.enabled() or self.root_path)
        return Instrumentation(super().build_middleware_stack(), self.state.service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if self.skip_telemetry and self.middleware_stack and scope["type"] == "http":
            scope["app"] = self
            await self.middleware_stack(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def load(package: str) -> Application:
    """Import a project's application, and load its model.

    Raises:
        UserError: `serving/rest.py` does not exist, its `app` was not created by `create_app`, or
            its model is missing or altered.
    """
    app = import_attribute(f"{package}.serving.rest", "app")
    if not isinstance(app, Application):
        raise UserError("serving/rest.py: app was not created by create_app()")
    app.state.service.load()
    return app
