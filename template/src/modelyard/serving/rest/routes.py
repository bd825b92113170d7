"""The routes of the service, as FastAPI documents them."""

from typing import Any, cast

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from .admission import Admission
from .page import page
from .responses import NOT_READY, errors
from .service import Service

ABOUT = ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")


def open_routes(service: Service) -> list[BaseRoute]:
    """Make the routes for those who run the server; they need no token."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> dict[str, str]:
        """Tell that the process lives."""
        return {"status": "alive"}

    @router.get("/ready", responses=errors(NOT_READY))
    async def ready() -> dict[str, str]:
        """Tell that the model is verified and loaded."""
        return {"status": "ready", "model_version": service.ready().version}

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Give the counters in Prometheus' text format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router.routes


def add_facts(app: FastAPI, service: Service) -> None:
    """Add the routes for those who want to ask the service."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """Show what a row is, and a place to try one."""
        return HTMLResponse(page(service.schema, service.predictor))

    @app.get("/version", responses=errors(NOT_READY))
    async def version() -> dict[str, Any]:
        """Tell which model is served and what it was made from."""
        about = service.ready().about
        return {"model_version": about["version"]} | {name: about[name] for name in ABOUT}

    @app.get("/schema")
    async def schema() -> dict[str, Any]:
        """Tell what a row is."""
        return service.schema.describe()


def add_post(
    app: FastAPI, path: str, reads: type[BaseModel], answering: ASGIApp, **about: Any
) -> ASGIApp:
    """Add a route that FastAPI documents, and that an application of its own answers.

    Args:
        app: gets the route.
        path: where it answers.
        reads: the model of a body.
        answering: reads, checks and answers without FastAPI; so many requests are let in at a time.
        about: what the documentation says of the route.

    Returns:
        What answers.
    """

    async def documented(body: Any) -> None: ...

    documented.__annotations__["body"] = reads
    text = "An answer for each item, in order."
    app.post(path, operation_id=path[1:], response_description=text, **about)(documented)
    service: Service = app.state.service
    door = Admission(answering, path, service.limits.rest_max_waiting, service.metrics)
    cast(Any, app.routes[-1]).app = door  # in the place of FastAPI's reading and checking
    return door
