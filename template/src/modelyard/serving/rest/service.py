"""The serving model of a REST server: predictions, startup, hot reload of a newer one, shutdown."""

import asyncio
import secrets
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from pydantic_core import to_json

from ...console import UserError
from ...features.source import same_code
from ...project import Project
from ..predictor import Predictor, read_manifest, to_rows
from .body import CheckedRows, row_reader
from .limits import Limits
from .recorder import Recorder
from .responses import RequestError
from .telemetry import Metrics, age_s, log


class Service:
    """Loads the model and predicts rows."""

    def __init__(self, project: Project, limits: Limits) -> None:
        self.project, self.limits = project, limits
        self.schema = project.schema
        self.reader = row_reader(self.schema, limits.rest_max_rows)
        self.metrics = Metrics(self.schema)
        self.recorder = Recorder(limits, self.metrics, secrets.token_hex(4))
        self.predictor: Predictor | None = None
        self.stopping = False  # whether the server has received a signal to stop

    def load(self) -> None:
        """Load the model from its folder and serve it."""
        self.switch(self.load_predictor())

    def load_predictor(self) -> Predictor:
        """Load and verify the model of the folder."""
        return Predictor(self.limits.model_dir, self.schema, self.project.build)

    def switch(self, predictor: Predictor) -> None:
        """Serve this model from the next request on; requests in progress keep theirs."""
        age = partial(age_s, predictor.trained_as_of, self.limits.as_of)
        # rows without a time have no age: 0 seconds
        self.metrics.set_model(predictor.version, age if self.schema.time else float)
        self.predictor = predictor

    def require_predictor(self) -> Predictor:
        """Return the serving model; a request before it is loaded is answered with 503."""
        if self.predictor is None:
            raise RequestError(503, "the model is not loaded yet")
        return self.predictor

    def read(self, body: bytes) -> CheckedRows:
        """Parse and validate a body."""
        try:
            rows = self.reader.read(body)
        except RequestError as error:
            for violation in error.violations:
                self.metrics.rejected_values.labels(violation.column).inc()
            raise
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return CheckedRows([row.__dict__ for row in rows], sorted(ignored))

    def predict(self, predictor: Predictor, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Predict valid rows with a loaded model."""
        return predictor.predict(to_rows(rows, self.schema)).records()

    def response(
        self, request_id: bytes, predictor: Predictor, checked: CheckedRows, predictions: list[Any]
    ) -> bytes:
        """Record and count the predictions of a request; return the body of its response."""
        if self.limits.rest_record_share:
            self.recorder.record(request_id.decode(), predictor.version, checked.rows, predictions)
        self.metrics.count_predictions(checked)
        body = {"model_version": predictor.version, "predictions": predictions}
        ignored = {"ignored_columns": checked.ignored} if checked.ignored else {}
        return to_json(body | ignored)


class Reloader:
    """Checks the model's folder for another model, and switches to it.

    A model that cannot be served is logged and counted once, and tried again at the next check, as
    it may have been written only in part.
    """

    def __init__(self, service: Service) -> None:
        self.service, self.folder = service, service.limits.model_dir
        self.refused: Any = {}

    async def watch(self) -> None:
        """Check every REST_RELOAD_S seconds until cancelled; 0 disables reloading."""
        while pause_s := self.service.limits.rest_reload_s:
            await asyncio.sleep(pause_s)
            await self.check()

    async def check(self) -> None:
        """Switch to the folder's model if it is another one; load it in a thread."""
        predictor = await asyncio.to_thread(self.load_newer, self.service.require_predictor())
        if predictor:
            self.refused = {}
            self.service.switch(predictor)
            self.service.metrics.swaps.inc()
            log(event="model swapped", model_version=predictor.version)

    def load_newer(self, serving: Predictor) -> Predictor | None:
        """Return the folder's model if it is another one that can replace `serving`."""
        found = None
        try:
            found = read_manifest(self.folder / "model.json")
            same = found == serving.manifest
            return None if same else verify(self.service.load_predictor(), serving)
        except Exception as failure:
            if found != self.refused:
                self.refused = found
                self.service.metrics.refused_swaps.inc()
                log(event="model refused", model_dir=str(self.folder), error=str(failure))
        return None


def verify(predictor: Predictor, serving: Predictor) -> Predictor:
    """Return a model if it matches the running code and predicts a real row."""
    if predictor.version == serving.version:
        raise UserError("model.json was altered: another content under the serving version")
    if not same_code(predictor.manifest["code_hash"], serving.manifest["code_hash"]):
        raise UserError("features/build.py changed since the service started; restart the service")
    if (predictor.folder / "examples.jsonl").is_file():
        predictor.predict(to_rows(predictor.examples(1), predictor.schema)).records()
    return predictor


@asynccontextmanager
async def lifespan(service: Service, _: FastAPI) -> AsyncIterator[None]:
    """Load the model, watch for newer ones, and write pending records on shutdown."""
    if not service.predictor:
        service.load()
    install_stop_handlers(service)
    watcher = asyncio.create_task(Reloader(service).watch())
    yield
    watcher.cancel()
    await asyncio.to_thread(service.recorder.close)


def install_stop_handlers(service: Service) -> None:
    """Close connections with their response as soon as the process is asked to stop.

    Otherwise a connection opened while uvicorn stops would stay open until the stop timeout.
    """
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler):
                signal.signal(number, partial(stop, service, handler))


def stop(service: Service, handler: Callable[..., Any], *received: Any) -> None:
    """Mark the service as stopping, and call the server's own signal handler."""
    service.stopping = True
    handler(*received)
