"""The REST service as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp

from ...schema import SCHEMA
from .access import OPEN, Access
from .admission import Admission
from .feedback import Feedback
from .metrics import CONTENT_TYPE
from .observer import Observer
from .openapi import Error, add_feedback, add_predict, add_token, answer_model
from .page import page
from .predict import Predict, Shortcut
from .refusal import Refusal, json_response, refused
from .reload import Reloader
from .service import Service

ABOUT = ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")
NOT_READY: Any = {503: {"model": Error, "description": "The model is not loaded yet."}}


def create_app(service: Service) -> ASGIApp:
    """Make the application; it loads the model when it starts."""
    feedback, most, metrics = Feedback(service), service.limits.rest_max_waiting, service.metrics
    posts: dict[str, ASGIApp] = {"/predict": Predict(service), "/feedback": feedback}
    doors = {path: Admission(post, path, most, metrics) for path, post in posts.items()}
    app = FastAPI(
        title=f"Predictions of {SCHEMA.target.name}",
        description=SCHEMA.target.description,
        lifespan=partial(lifespan, service),
        routes=[Route(path, door, methods=["POST"]) for path, door in doors.items()],
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.add_exception_handler(Refusal, refused)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, not_found)  # type: ignore[arg-type]
    add_state(app, service)
    add_facts(app, service)
    add_predict(app.openapi(), service.reader.body, answer_model(SCHEMA.target))
    add_feedback(app.openapi(), feedback.reader.body)
    inner = guarded(app, Shortcut(doors["/predict"], app), service.limits.rest_token)
    return Observer(inner, metrics)


@asynccontextmanager
async def lifespan(service: Service, _: FastAPI) -> AsyncIterator[None]:
    """Load the model, look for newer ones, and write at the end what is yet to be recorded."""
    reloader = Reloader(service)
    loading = asyncio.create_task(service.load())
    watching = asyncio.create_task(reloader.watch())
    if service.limits.rest_workers > 1:
        await loading  # a worker takes no request from others before it can answer it
    yield
    watching.cancel()
    await loading
    await asyncio.to_thread(service.recorder.close)


def guarded(app: FastAPI, inner: ASGIApp, token: str) -> ASGIApp:
    """Let in only who brings the token, if there is one, and document that."""
    if not token:
        return inner
    add_token(app.openapi(), OPEN)
    return Access(inner, token)


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
        return HTMLResponse(page(SCHEMA, service.predictor))

    @app.get("/version", responses=NOT_READY)
    async def version() -> dict[str, Any]:
        """Tell which model is served and what it was made from."""
        about = service.ready().about
        return {"model_version": about["version"]} | {name: about[name] for name in ABOUT}

    @app.get("/schema")
    async def schema() -> dict[str, Any]:
        """Tell what a row is."""
        return SCHEMA.describe()


async def not_found(request: Request, failure: HTTPException) -> Response:
    """Answer a request for a path or method that there is not."""
    path = request.url.path
    error = f"there is no {path}, see /docs"
    if failure.status_code == 405:
        allowed = (failure.headers or {}).get("Allow")
        error = f"{path} has no {request.method}, allowed is {allowed}"
    return json_response(failure.status_code, {"error": error}, failure.headers)
