"""Requests that arrive together are scored together: one row costs nearly as much as fifty."""

import asyncio
from collections.abc import Callable
from typing import Any

Waiting = tuple[list[Any], asyncio.Future[list[Any]]]


class Gatherer:
    """Collects the rows of all requests that the event loop has at hand, then scores them at once.

    Nobody waits for others to come: a request that arrives alone is scored at once.

    Args:
        score: gives a result for each row.
    """

    def __init__(self, score: Callable[[list[Any]], list[Any]]) -> None:
        """Start with nobody waiting."""
        self.score = score
        self.waiting: list[Waiting] = []

    async def results(self, rows: list[Any]) -> list[Any]:
        """Give each row's result; call this from the event loop only."""
        loop = asyncio.get_running_loop()
        if not self.waiting:
            loop.call_soon(self.flush)
        future: asyncio.Future[list[Any]] = loop.create_future()
        self.waiting.append((rows, future))
        return await future

    def flush(self) -> None:
        """Score all rows that wait; what goes wrong, goes wrong for all of them."""
        waiting = [(rows, future) for rows, future in self.waiting if not future.done()]
        self.waiting = []
        try:
            results = iter(self.score([row for rows, _ in waiting for row in rows]))
        except Exception as failure:
            for _, future in waiting:
                future.set_exception(failure)
        else:
            for rows, future in waiting:
                future.set_result([next(results) for _ in rows])
