"""Requests that arrive together are scored together, and do not mix."""

import asyncio

import pytest
from modelyard.serving.rest.micro_batching import Gatherer


def gather(gatherer: Gatherer, *bodies: list[int]) -> list[list[int] | BaseException]:
    async def send_all() -> list[list[int] | BaseException]:
        requests = [gatherer.results(rows) for rows in bodies]
        return await asyncio.gather(*requests, return_exceptions=True)

    return asyncio.run(send_all())


def test_each_request_gets_its_own_results_in_order() -> None:
    gatherer = Gatherer(lambda rows: [row * 10 for row in rows])
    assert gather(gatherer, [1], [2, 3], [4]) == [[10], [20, 30], [40]]


def test_requests_at_hand_are_scored_in_one_go_and_later_ones_in_another() -> None:
    scored: list[list[int]] = []
    gatherer = Gatherer(lambda rows: scored.append(rows) or rows)  # type: ignore[func-returns-value]
    gather(gatherer, [1], [2, 3])
    gather(gatherer, [4])
    assert scored == [[1, 2, 3], [4]]


def test_an_error_reaches_everybody_and_the_next_request_is_scored() -> None:
    gatherer = Gatherer(lambda rows: [6 // row for row in rows])
    failed = gather(gatherer, [1], [0])
    assert [type(failure) for failure in failed] == [ZeroDivisionError, ZeroDivisionError]
    assert gather(gatherer, [2]) == [[3]]


def test_a_request_that_was_given_up_does_not_harm_the_others() -> None:
    gatherer = Gatherer(lambda rows: rows)

    async def give_one_up() -> list[int]:
        lost = asyncio.ensure_future(gatherer.results([1]))
        kept = asyncio.ensure_future(gatherer.results([2]))
        await asyncio.sleep(0)
        lost.cancel()
        return await kept

    assert asyncio.run(give_one_up()) == [2]


@pytest.mark.parametrize("count", [1, 7])
def test_nobody_waits_for_others_to_come(count: int) -> None:
    gatherer = Gatherer(lambda rows: rows)
    assert gather(gatherer, *[[number] for number in range(count)])[-1] == [count - 1]
