"""Backpressure: beyond so many requests under way, the next ones are told to come later."""

from starlette.types import ASGIApp, Receive, Scope, Send

from .errors import Refusal
from .metrics import Metrics


class Admission:
    """Middleware that lets so many requests in at a time and refuses all others at once, unread.

    A request counts from its headers to its whole answer, its body included.

    Args:
        app: what answers those that are let in.
        path: the path that it answers, for the metrics.
        most: how many may be under way.
        metrics: where those under way and those refused are counted.
    """

    def __init__(self, app: ASGIApp, path: str, most: int, metrics: Metrics) -> None:
        self.app, self.most, self.under_way = app, most, 0
        self.gauge = metrics.under_way.labels(path)
        self.refused = metrics.refused.labels(path)
        text = f"{most:,} requests are under way, all that REST_MAX_WAITING allows"
        self.full = Refusal(503, text).response()  # made once: to refuse must cost little

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if self.under_way >= self.most:
            self.refused.inc()
            await self.full(scope, receive, send)
            return
        self.under_way += 1
        self.gauge.inc()
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way -= 1
            self.gauge.dec()
