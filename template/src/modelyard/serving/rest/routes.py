"""Routes of the service, with their documentation in FastAPI, and the page at `/docs`."""

import json
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, cast

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from ...console import UserError
from ...schema.columns import Column
from ...schema.contract import Schema
from ..predictor import Predictor
from .middleware import Admission
from .responses import ERRORS, NOT_READY, errors
from .service import Service

ORIGIN = ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")


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


def page(schema: Schema, predictor: Predictor | None) -> str:
    """Return the page at `/docs` as HTML, which needs no external resources."""
    body = {"rows": [example_row(schema, predictor)]}
    label = {"request_id": "", "row": 0, "label": [*schema.target.values, 1.5][0]}
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=escape(f"Predictions of {schema.target.name}"),
        description=escape(f"{schema.target.description}."),
        version=escape(predictor.version if predictor else "is being loaded"),
        body=escape(json.dumps(body, indent=2, ensure_ascii=False)),
        labels=escape(json.dumps({"labels": [label]}, indent=2, ensure_ascii=False)),
        columns=table_rows((c.name, c.description, c.rule()) for c in schema.columns),
        errors=table_rows((str(status), text) for status, text in ERRORS.items()),
    )


def example_row(schema: Schema, predictor: Predictor | None) -> dict[str, Any]:
    """Return a real row if the model has example rows, else one that the schema allows."""
    if predictor:
        with suppress(UserError):
            return predictor.examples(1)[0]
    return {column.name: example_value(column) for column in schema.columns}


def example_value(column: Column) -> Any:
    """Return a value that the column allows: null if it is optional."""
    ends = [getattr(column, name, None) for name in ("min", "max")]
    known = [*ends, *getattr(column, "values", ()), 0.0, False, "a"]
    known += ["2013-08-01T06:30:00", "2013-08-01"]
    return next(filter(column.is_valid, known)) if column.required else None


def table_rows(table: Iterable[Iterable[str]]) -> str:
    """Format cells as rows of an HTML table."""
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in table)
    return "\n".join(f"<tr>{row}</tr>" for row in rows)
