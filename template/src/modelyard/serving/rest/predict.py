"""`POST /predict`, past the framework: its layers would take longer than the model."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from ..predictor import Predictor
from .body import receive_body
from .errors import Refusal
from .micro_batching import Gatherer
from .service import Service

THREAD_FROM_BYTES = 8192


class Predict:
    """An ASGI application that answers rows with predictions."""

    def __init__(self, service: Service) -> None:
        """Keep the service; a second thread would only take turns with the first."""
        self.service = service
        self.thread = ThreadPoolExecutor(1, "large-body")
        self.gatherer: tuple[Predictor | None, Gatherer] = None, Gatherer(list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            self.service.ready()
            body = await receive_body(scope, receive, self.service.limits)
            answer, scope["rows"] = await self.answer(body, scope["request_id"])
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        length = str(len(answer)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def answer(self, body: bytes, name: bytes) -> tuple[bytes, int]:
        """Give the answer's body and the number of rows."""
        predictor = self.service.ready()
        if len(body) >= THREAD_FROM_BYTES:
            large = partial(self.answer_at_once, predictor, body, name)
            return await asyncio.get_running_loop().run_in_executor(self.thread, large)
        checked = self.service.read(body)
        predictions = await self.gatherer_of(predictor).results(checked.rows)
        return self.service.answer(name, predictor, checked, predictions), len(checked.rows)

    def answer_at_once(self, predictor: Predictor, body: bytes, name: bytes) -> tuple[bytes, int]:
        """Do the same in a thread, so that others need not wait for a large body."""
        checked = self.service.read(body)
        predictions = self.service.predict(predictor, checked.rows)
        return self.service.answer(name, predictor, checked, predictions), len(checked.rows)

    def gatherer_of(self, predictor: Predictor) -> Gatherer:
        """Give what gathers the rows for a model: no answer mixes two of them."""
        if self.gatherer[0] is not predictor:
            self.gatherer = predictor, Gatherer(partial(self.service.predict, predictor))
        return self.gatherer[1]


class Shortcut:
    """Sends `POST /predict` straight to its application, all else to another."""

    def __init__(self, app: ASGIApp, predict: ASGIApp) -> None:
        self.predict, self.app = predict, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        short = scope.get("path") == "/predict" and scope.get("method") == "POST"
        await (self.predict if short else self.app)(scope, receive, send)
