"""The REST service as an ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from ..console import UserError
from ..schema import SCHEMA
from ..settings import Settings
from . import rest_metrics
from .predictor import Predictor, to_rows
from .rest_body import BodyReader, receive
from .rest_metrics import Metrics
from .rest_observer import Observer
from .rest_refusal import Refusal

THREAD_FROM_BYTES = 32_768


class Service:
    """The state of a server: its model, once that is loaded, and its counters.

    Args:
        settings: limits and the model's folder.
        on_failure: called when the model cannot be loaded; `failure` then says why.
    """

    def __init__(self, settings: Settings, on_failure: Callable[[], None]) -> None:
        """Start without a model."""
        self.settings, self.on_failure = settings, on_failure
        self.reader = BodyReader(SCHEMA, settings.rest_max_rows)
        self.metrics = Metrics(SCHEMA)
        self.predictor: Predictor | None = None
        self.failure: UserError | None = None

    async def load(self) -> None:
        """Load and verify the model in a thread, so that `/health` answers meanwhile."""
        try:
            predictor = await asyncio.to_thread(Predictor, self.settings.model_dir)
        except UserError as failure:
            self.failure = failure
            self.on_failure()
            return
        self.metrics.serves(predictor.version, predictor.trained_as_of, self.settings.as_of)
        self.predictor = predictor

    def ready(self) -> Predictor:
        """Give the model.

        Raises:
            Refusal: 503 as long as it is not loaded.
        """
        if self.predictor is None:
            raise Refusal(503, "the model is not loaded yet")
        return self.predictor

    def answer(self, body: bytes) -> tuple[bytes, int]:
        """Predict for the rows of a body; give the answer's body and the number of rows.

        Raises:
            Refusal: no model is loaded, or the body breaks a rule.
        """
        predictor = self.ready()
        try:
            rows, ignored = self.reader.read(body)
        except Refusal as refusal:
            self.metrics.rejected(refusal.faults)
            raise
        predictions = predictor.predict(to_rows(rows)).records()
        self.metrics.predicted(rows, ignored)
        answer = {"model_version": predictor.version, "predictions": predictions}
        return to_json(answer | {"ignored_columns": ignored} if ignored else answer), len(rows)


def create_app(settings: Settings, on_failure: Callable[[], None] = lambda: None) -> FastAPI:
    """Make the application; its state holds the `Service`."""
    service = Service(settings, on_failure)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(service.load())
        yield
        await loading

    app = FastAPI(title="Predictions", lifespan=lifespan)
    app.state.service = service
    app.add_middleware(Observer, metrics=service.metrics)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, not_found)
    add_routes(app, service)
    return app


def add_routes(app: FastAPI, service: Service) -> None:
    """Add the paths."""

    @app.post("/predict")
    async def predict(request: Request) -> Response:
        body = await receive(request, service.settings)
        if len(body) < THREAD_FROM_BYTES:
            answer, rows = service.answer(body)
        else:
            answer, rows = await asyncio.to_thread(service.answer, body)
        request.scope["rows"] = rows
        return Response(answer, media_type="application/json")

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready", "model_version": service.ready().version}

    @app.get("/version")
    async def version() -> dict[str, Any]:
        about = service.ready().about
        return {
            "model_version": about["version"],
            **{
                name: about[name]
                for name in ("sha256", "trained_as_of", "training_rows", "schema_hash", "code_hash")
            },
        }

    @app.get("/schema")
    async def schema() -> dict[str, Any]:
        return SCHEMA.describe()

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(service.metrics.text(), media_type=rest_metrics.CONTENT_TYPE)


async def refused(_: Request, refusal: Exception) -> Response:
    """Answer a refused request."""
    assert isinstance(refusal, Refusal)
    return Response(to_json(refusal.body()), refusal.status, media_type="application/json")


async def not_found(_: Request, failure: Exception) -> Response:
    """Answer a request for a path or method that there is not."""
    assert isinstance(failure, HTTPException)
    return Response(
        to_json({"error": failure.detail}), failure.status_code, failure.headers, "application/json"
    )
