"""`POST /predict` as plain ASGI, as FastAPI's layers would take longer than the model."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from ..predictor import Predictor
from .body import receive_body
from .responses import RequestError
from .service import Service

THREAD_FROM_BYTES = 8192
Waiting = tuple[list[Any], asyncio.Future[list[Any]]]


class MicroBatcher:
    """Scores the rows of all requests that are ready in the event loop in one call.

    One row costs nearly as much as fifty: the first request lets the others that are ready join,
    then scores for all of them. No request waits for another that has not arrived yet.
    """

    def __init__(self, score: Callable[[list[Any]], list[Any]]) -> None:
        self.score = score
        self.collecting = False
        self.others: list[Waiting] = []

    async def results(self, rows: list[Any]) -> list[Any]:
        """Return the result of each row; call this from the event loop only."""
        if self.collecting:
            future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
            self.others.append((rows, future))
            return await future
        self.collecting = True
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:  # the others still need their results
            self.score_batch([])
            raise
        return self.score_batch(rows)

    def score_batch(self, rows: list[Any]) -> list[Any]:
        """Score some rows together with those of the others; an error reaches all requests."""
        waiting = [(own, future) for own, future in self.others if not future.done()]
        self.collecting, self.others = False, []
        batch = [*rows, *(row for own, _ in waiting for row in own)]
        try:
            results = iter(self.score(batch) if batch else [])
        except Exception as failure:
            for _, future in waiting:
                future.set_exception(failure)
            raise
        first = [next(results) for _ in rows]
        for own, future in waiting:
            future.set_result([next(results) for _ in own])
        return first


class Predict:
    """ASGI application that responds to rows with predictions."""

    def __init__(self, service: Service) -> None:
        """Keep the service; one thread for large bodies, as a second would only wait for it."""
        self.service = service
        self.thread = ThreadPoolExecutor(1, "large-body")
        self.batcher: tuple[Predictor | None, MicroBatcher] = None, MicroBatcher(list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        try:
            self.service.require_predictor()
            body = await receive_body(scope, receive, self.service.limits)
            response, scope["rows"] = await self.respond(body, scope["request_id"])
        except RequestError as error:
            await error.response()(scope, receive, send)
            return
        length = str(len(response)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": response})

    async def respond(self, body: bytes, request_id: bytes) -> tuple[bytes, int]:
        """Return the body of the response and the number of rows."""
        predictor = self.service.require_predictor()
        if len(body) >= THREAD_FROM_BYTES:
            task = partial(self.in_thread, predictor, body, request_id)
            return await asyncio.get_running_loop().run_in_executor(self.thread, task)
        checked = self.service.read(body)
        predictions = await self.batcher_of(predictor).results(checked.rows)
        return self.service.response(request_id, predictor, checked, predictions), len(checked.rows)

    def in_thread(self, predictor: Predictor, body: bytes, request_id: bytes) -> tuple[bytes, int]:
        """Do the same in a thread, so that other requests do not wait for a large body."""
        checked = self.service.read(body)
        predictions = self.service.predict(predictor, checked.rows)
        return self.service.response(request_id, predictor, checked, predictions), len(checked.rows)

    def batcher_of(self, predictor: Predictor) -> MicroBatcher:
        """Return the batcher of a model, so that no response mixes predictions of two models."""
        if self.batcher[0] is not predictor:
            self.batcher = predictor, MicroBatcher(partial(self.service.predict, predictor))
        return self.batcher[1]


class Shortcut:
    """Middleware that sends `POST /predict` directly to its application, and HEAD to GET routes."""

    def __init__(self, app: ASGIApp, predict: ASGIApp) -> None:
        self.predict, self.app = predict, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the server sends no body in response to HEAD."""
        if scope.get("path") == "/predict" and scope.get("method") == "POST":
            await self.predict(scope, receive, send)
            return
        routes = scope["app"].routes if scope.get("method") == "HEAD" else []
        if routes and Match.FULL not in [route.matches(scope)[0] for route in routes]:
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
