"""Backpressure: a limit of concurrent requests, beyond which the service answers 503."""

from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import RequestError
from .metrics import Metrics


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
