"""Requests that arrive together are scored together: one row costs nearly as much as fifty."""

import asyncio
from collections.abc import Callable
from typing import Any

Waiting = tuple[list[Any], asyncio.Future[list[Any]]]


class Gatherer:
    """Collects the rows of all requests that the event loop has at hand, then scores them at once.

    The first request lets the others that are at hand come in, then scores for all of them. Nobody
    waits for a request that is still to arrive.
    """

    def __init__(self, score: Callable[[list[Any]], list[Any]]) -> None:
        self.score = score
        self.gathering = False
        self.others: list[Waiting] = []

    async def results(self, rows: list[Any]) -> list[Any]:
        """Give each row's result; call this from the event loop only."""
        if self.gathering:
            future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
            self.others.append((rows, future))
            return await future
        self.gathering = True
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:  # the others count on this one
            self.score_with([])
            raise
        return self.score_with(rows)

    def score_with(self, rows: list[Any]) -> list[Any]:
        """Score some rows and those of the others; what goes wrong, goes wrong for all of them."""
        waiting = [(own, future) for own, future in self.others if not future.done()]
        self.gathering, self.others = False, []
        together = [*rows, *(row for own, _ in waiting for row in own)]
        try:
            results = iter(self.score(together) if together else [])
        except Exception as failure:
            for _, future in waiting:
                future.set_exception(failure)
            raise
        first = [next(results) for _ in rows]
        for own, future in waiting:
            future.set_result([next(results) for _ in own])
        return first
