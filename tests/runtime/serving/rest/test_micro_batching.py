"""Concurrent requests are scored in one call, and get their own results."""

import asyncio

import pytest
from modelyard.serving.rest.predict import MicroBatcher


def gather(batcher: MicroBatcher, *bodies: list[int]) -> list[list[int] | BaseException]:
    async def send_all() -> list[list[int] | BaseException]:
        requests = [batcher.results(rows) for rows in bodies]
        return await asyncio.gather(*requests, return_exceptions=True)

    return asyncio.run(send_all())


def test_each_request_gets_its_own_results_in_order() -> None:
    batcher = MicroBatcher(lambda rows: [row * 10 for row in rows])
    assert gather(batcher, [1], [2, 3], [4]) == [[10], [20, 30], [40]]


def test_concurrent_requests_are_scored_in_one_call_and_later_ones_in_another() -> None:
    scored: list[list[int]] = []
    batcher = MicroBatcher(lambda rows: scored.append(rows) or rows)  # type: ignore[func-returns-value]
    gather(batcher, [1], [2, 3])
    gather(batcher, [4])
    assert scored == [[1, 2, 3], [4]]


def test_an_error_reaches_all_requests_and_the_next_request_is_scored() -> None:
    batcher = MicroBatcher(lambda rows: [6 // row for row in rows])
    failed = gather(batcher, [1], [0])
    assert [type(failure) for failure in failed] == [ZeroDivisionError, ZeroDivisionError]
    assert gather(batcher, [2]) == [[3]]


def test_a_cancelled_request_does_not_affect_the_others() -> None:
    batcher = MicroBatcher(lambda rows: rows)

    async def give_one_up() -> list[int]:
        lost = asyncio.ensure_future(batcher.results([1]))
        kept = asyncio.ensure_future(batcher.results([2]))
        await asyncio.sleep(0)
        lost.cancel()
        return await kept

    assert asyncio.run(give_one_up()) == [2]


@pytest.mark.parametrize("count", [1, 7])
def test_no_request_waits_for_later_ones(count: int) -> None:
    batcher = MicroBatcher(lambda rows: rows)
    assert gather(batcher, *[[number] for number in range(count)])[-1] == [count - 1]
