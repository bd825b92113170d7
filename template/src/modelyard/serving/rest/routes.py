"""Routes of the service, with their documentation in FastAPI."""

from typing import Any, cast

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from .metrics import Metrics
from .page import page
from .responses import NOT_READY, RequestError, errors
from .service import Service

ORIGIN = ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")


class Admission:
    """Middleware that admits a limited number of requests, and rejects others unread.

    A request is in progress from its headers to the end of its response.
    """

    def __init__(self, app: ASGIApp, path: str, limit: int, metrics: Metrics) -> None:
        self.app, self.limit, self.in_progress = app, limit, 0
        self.gauge = metrics.in_progress.labels(path)
        self.rejected = metrics.refused.labels(path)
        text = f"{limit:,} requests are in progress, REST_MAX_WAITING allows no more"
        self.busy = RequestError(503, text).response()  # built once: to reject must be cheap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or reject it with 503."""
        if self.in_progress >= self.limit:
            self.rejected.inc()
            await self.busy(scope, receive, send)
            return
        self.in_progress += 1
        self.gauge.inc()
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_progress -= 1
            self.gauge.dec()


def public_routes(service: Service) -> list[BaseRoute]:
    """Return the routes for probes and monitoring, which need no token."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> dict[str, str]:
        """Liveness: the process is running."""
        return {"status": "alive"}

    @router.get("/ready", responses=errors(NOT_READY))
    async def ready() -> dict[str, str]:
        """Readiness: the model is verified and loaded."""
        return {"status": "ready", "model_version": service.require_predictor().version}

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Metrics in Prometheus text format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router.routes


def add_info_routes(app: FastAPI, service: Service) -> None:
    """Add the routes that describe the service to its clients."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """Page with the schema of a row and a form to try a prediction."""
        return HTMLResponse(page(service.schema, service.predictor))

    @app.get("/version", responses=errors(NOT_READY))
    async def version() -> dict[str, Any]:
        """Version and origin of the serving model."""
        manifest = service.require_predictor().manifest
        shown = (*ORIGIN, "threshold") if service.schema.target.task == "binary" else ORIGIN
        return {"model_version": manifest["version"]} | {name: manifest[name] for name in shown}

    @app.get("/schema")
    async def schema() -> dict[str, Any]:
        """Schema of a row."""
        return service.schema.describe()


def add_post(
    app: FastAPI, path: str, body_model: type[BaseModel], handler: ASGIApp, **options: Any
) -> ASGIApp:
    """Add a route that FastAPI documents and a plain ASGI application handles; return that."""

    async def documented(body: Any) -> None: ...

    documented.__annotations__["body"] = body_model
    text = "A result for each item, in order."
    app.post(path, operation_id=path[1:], response_description=text, **options)(documented)
    service: Service = app.state.service
    admission = Admission(handler, path, service.limits.rest_max_waiting, service.metrics)
    cast(Any, app.routes[-1]).app = admission  # replaces FastAPI's parsing and validation
    return admission
