"""The REST service as a FastAPI application whose every response is logged and counted."""

from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from ...console import UserError
from ...project import Project, find, import_attribute
from . import responses
from .feedback import Feedback
from .limits import Limits
from .middleware import DOCUMENTED, Authentication, Instrumentation
from .predict import Predict, Shortcut
from .responses import RequestError, json_response, request_error, server_error
from .routes import add_info_routes, add_post, public_routes
from .service import Service, lifespan

UNROUTED = {(404, "Not Found"), (405, "Method Not Allowed")}


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
    """Import a project's application, and load its model."""
    app = import_attribute(f"{package}.serving.rest", "app")
    if not isinstance(app, Application):
        raise UserError("serving/rest.py: app was not created by create_app()")
    app.state.service.load()
    return app


def create_app(project: Project | None = None, limits: Limits | None = None) -> FastAPI:
    """Create the application, which loads the model on startup.

    It is an ordinary FastAPI application: add routes, middleware and dependencies as usual. Without
    arguments the project is the installed one, and the limits are read from the environment.
    """
    service = Service(project or find(), limits or Limits.read())
    token, target = service.limits.rest_token, service.schema.target
    handlers = {RequestError: request_error, HTTPException: routing_error, Exception: server_error}
    app = Application(
        service,
        title=f"Predictions of {target.name}",
        description=target.description,
        lifespan=partial(lifespan, service),
        routes=public_routes(service),
        exception_handlers=handlers,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        **(DOCUMENTED if token else {}),
    )
    add_info_routes(app, service)
    add_posts(app, service)
    if token:
        app.add_middleware(Authentication, token=token)
    return app


def add_posts(app: FastAPI, service: Service) -> None:
    """Add the routes with a body; requests for predictions bypass FastAPI's routing."""
    feedback = Feedback(service)
    add_post(
        app,
        "/feedback",
        feedback.reader.model,
        feedback,
        summary="Report the true labels of predictions",
        response_model=responses.FeedbackResponse,
        responses=responses.errors(responses.LABEL_ERRORS),
    )
    predict = add_post(
        app,
        "/predict",
        service.reader.model,
        Predict(service),
        summary="Predict rows",
        response_model=responses.predict_response(service.schema.target),
        responses=responses.errors(responses.ERRORS),
    )
    app.add_middleware(Shortcut, predict=predict)


async def routing_error(request: Request, failure: HTTPException) -> Response:
    """Respond to an unknown path or method; leave other HTTP exceptions to FastAPI."""
    path = request.url.path
    if (failure.status_code, failure.detail) not in UNROUTED:
        return await http_exception_handler(request, failure)
    error = f"{path} is not found, see /docs"
    if failure.status_code == 405:
        allowed = str((failure.headers or {}).get("Allow")).replace("GET", "GET, HEAD")
        error = f"{path} does not support {request.method}, allowed is {allowed}"
        return json_response(405, {"error": error}, {"allow": allowed})
    return json_response(404, {"error": error})
