"""The REST service as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from ...project import Project, find
from .access import OPEN, Access
from .admission import Admission
from .application import Application
from .feedback import Feedback
from .limits import Limits
from .metrics import CONTENT_TYPE
from .openapi import Error, add_feedback, add_predict, add_token, answer_model
from .page import page
from .predict import Predict, Shortcut
from .refusal import Refusal, json_response, refused, unexpected
from .reload import Reloader
from .service import Service

ABOUT = ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")
UNROUTED = {(404, "Not Found"), (405, "Method Not Allowed")}
NOT_READY: Any = {503: {"model": Error, "description": "The model is not loaded yet."}}


def create_app(project: Project | None = None, limits: Limits | None = None) -> FastAPI:
    """Make the application; it loads the model when it starts.

    It is an ordinary FastAPI application: routes, middleware and dependencies are added as usual.

    Args:
        project: the project's own part; None looks up the one of this environment.
        limits: what a request may cost; None reads the environment.

    Raises:
        UserError: there is no project, or a variable of the environment is wrong.
    """
    service = Service(project or find(), limits or Limits.read())
    feedback, most, metrics = Feedback(service), service.limits.rest_max_waiting, service.metrics
    posts: dict[str, ASGIApp] = {"/predict": Predict(service), "/feedback": feedback}
    doors = {path: Admission(post, path, most, metrics) for path, post in posts.items()}
    app = Application(
        metrics,
        title=f"Predictions of {service.schema.target.name}",
        description=service.schema.target.description,
        lifespan=partial(lifespan, service),
        routes=[Route(path, door, methods=["POST"]) for path, door in doors.items()],
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.add_exception_handler(Refusal, refused)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, not_found)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, unexpected)
    add_state(app, service)
    add_facts(app, service)
    add_middleware(app, doors["/predict"], service)
    add_documentation(app, service, feedback)
    return app


def add_middleware(app: FastAPI, predict: ASGIApp, service: Service) -> None:
    """Ask for the token if there is one, then let predictions go first."""
    app.add_middleware(Shortcut, predict=predict)
    if token := service.limits.rest_token:
        app.add_middleware(Access, token=token)


def add_documentation(app: FastAPI, service: Service, feedback: Feedback) -> None:
    """Let the OpenAPI document, made when it is first asked for, tell of all paths."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            add_predict(document, service.reader.body, answer_model(service.schema.target))
            add_feedback(document, feedback.reader.body)
            if service.limits.rest_token:
                add_token(document, OPEN)
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]


@asynccontextmanager
async def lifespan(service: Service, _: FastAPI) -> AsyncIterator[None]:
    """Load the model, look for newer ones, and write at the end what is yet to be recorded.

    Raises:
        UserError: the model is missing or altered, and nobody else is told so.
    """
    reloader = Reloader(service)
    loading = asyncio.create_task(service.load())
    watching = asyncio.create_task(reloader.watch())
    if service.limits.rest_workers > 1 or not service.on_loaded:
        await loading  # a worker takes no request from others before it can answer it
    if service.failure and not service.on_loaded:
        raise service.failure
    yield
    watching.cancel()
    await loading
    await asyncio.to_thread(service.recorder.close)


def add_state(app: FastAPI, service: Service) -> None:
    """Add the paths for those who run the server."""

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Tell that the process lives."""
        return {"status": "alive"}

    @app.get("/ready", responses=NOT_READY)
    async def ready() -> dict[str, str]:
        """Tell that the model is verified and loaded."""
        return {"status": "ready", "model_version": service.ready().version}

    @app.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Give the counters in Prometheus' text format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE)


def add_facts(app: FastAPI, service: Service) -> None:
    """Add the paths for those who want to ask it."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """Show what a row is, and a place to try one."""
        return HTMLResponse(page(service.schema, service.predictor))

    @app.get("/version", responses=NOT_READY)
    async def version() -> dict[str, Any]:
        """Tell which model is served and what it was made from."""
        about = service.ready().about
        return {"model_version": about["version"]} | {name: about[name] for name in ABOUT}

    @app.get("/schema")
    async def schema() -> dict[str, Any]:
        """Tell what a row is."""
        return service.schema.describe()


async def not_found(request: Request, failure: HTTPException) -> Response:
    """Answer a request for a path or method that there is not; all else as FastAPI does."""
    path = request.url.path
    if (failure.status_code, failure.detail) not in UNROUTED:
        return await http_exception_handler(request, failure)
    error = f"there is no {path}, see /docs"
    if failure.status_code == 405:
        allowed = (failure.headers or {}).get("Allow")
        error = f"{path} has no {request.method}, allowed is {allowed}"
    return json_response(failure.status_code, {"error": error}, failure.headers)
