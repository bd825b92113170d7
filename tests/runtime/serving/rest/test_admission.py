"""Overload: the service admits a limited number of requests and rejects the others at once."""

import asyncio
import time
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.middleware import Admission
from modelyard.serving.rest.telemetry import Metrics

from tests.runtime.rest_client import body, running
from tests.runtime.rest_load import load, running_service, served

FULL = {"error": "2 requests are in progress, REST_MAX_WAITING allows no more"}


@pytest.fixture(scope="module")
def busy() -> Any:
    """The messages sent for a request beyond the two that are in progress."""

    async def requests() -> list[dict[str, Any]]:
        release, sent = asyncio.Event(), []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await release.wait()

        async def never() -> Any:
            raise AssertionError("the body of a refused request was read")

        async def keep(message: Any) -> None:
            sent.append(message)

        admission = Admission(app, "/predict", 2, Metrics(SCHEMA))
        inside = [asyncio.create_task(admission({}, never, keep)) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.wait_for(admission({"type": "http"}, never, keep), 1)
        release.set()
        await asyncio.gather(*inside, admission({}, never, keep))
        return sent

    return asyncio.run(requests())


def test_a_request_beyond_the_limit_is_rejected_at_once_and_unread(busy: Any) -> None:
    start, content = busy
    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"1"
    assert b"REST_MAX_WAITING" in content["body"]


@pytest.fixture(scope="module")
def crowd() -> Any:
    """Status and seconds of 40 requests at once to a service that takes 50 ms for each in turn."""

    async def ask() -> list[tuple[int, float]]:
        turn, start = asyncio.Lock(), time.perf_counter()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            async with turn:
                await asyncio.sleep(0.05)
            await send({"type": "http.response.start", "status": 200})

        async def silence() -> Any:
            raise AssertionError("nobody reads the body")

        async def answered(admission: Admission) -> tuple[int, float]:
            sent: list[Any] = []

            async def keep(message: Any) -> None:
                sent.append(message)

            await admission({"type": "http"}, silence, keep)
            return sent[0]["status"], time.perf_counter() - start

        admission = Admission(app, "/predict", 4, Metrics(SCHEMA))
        return await asyncio.gather(*(answered(admission) for _ in range(40)))

    return asyncio.run(ask())


def test_no_request_waits_for_more_than_the_admitted_ones(crowd: Any) -> None:
    assert [status for status, _ in crowd] == [200] * 4 + [503] * 36
    assert max(seconds for _, seconds in crowd) < 1  # 40 in turn would take 2


def test_a_finished_request_makes_room_for_the_next() -> None:
    with running(Limits(rest_max_waiting=1)) as client:
        answers = [client.post("/predict", json=sent) for sent in (body(), {}, body())]
    assert [answer.status_code for answer in answers] == [200, 422, 200]


def test_under_load_admitted_requests_succeed_and_all_others_get_503() -> None:
    with running_service(REST_MAX_WAITING="2") as place:
        answers = load(place, connections=24, each=30)
        metrics = served(place, "/metrics").decode()
    assert {answer.status for answer in answers} == {200, 503}
    refused = [answer for answer in answers if answer.status == 503]
    assert all("retry-after: 1" in answer.head for answer in refused)
    assert {answer.json["error"] for answer in refused} == {FULL["error"]}
    count = f"{len(refused)}.0"
    assert 'refused_requests_total{path="/predict"} ' + count in metrics
    assert 'requests_under_way{path="/predict"} 0.0' in metrics
