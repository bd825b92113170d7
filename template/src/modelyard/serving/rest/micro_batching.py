"""Score concurrent requests in one call, as one row costs nearly as much as fifty."""

import asyncio
from collections.abc import Callable
from typing import Any

Waiting = tuple[list[Any], asyncio.Future[list[Any]]]


class MicroBatcher:
    """Scores the rows of all requests that are ready in the event loop in one call.

    The first request lets the others that are ready join, then scores for all of them. No request
    waits for another that has not arrived yet.
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
