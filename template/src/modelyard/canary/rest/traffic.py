"""Requests as users sent them, and what a service answers to them."""

import http.client
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...console import UserError
from ...serving.predictor import REMEDY
from ...serving.records import days, read_lines, read_predictions
from ..judge import Answers, as_scores

HEADERS = {"content-type": "application/json"}
TIMEOUT_S = 30.0


class Request(NamedTuple):
    """A body for `POST /predict`, and how many rows it holds."""

    body: bytes
    rows: int


class Response(NamedTuple):
    """A status, 0 if none came; the body; how long it took."""

    status: int
    body: bytes
    seconds: float


def requests(records: Path, examples: Path, most: int) -> tuple[list[Request], str]:
    """Give the newest recorded requests, or the model's examples if none are recorded.

    Returns:
        at most `most` requests, and where they come from in words.

    Raises:
        UserError: there are no examples either.
    """
    found = list(islice(recorded(records), most))
    if found:
        return found, f"{len(found):,} recorded requests from {records}"
    rows = list(islice(read_lines([examples] if examples.is_file() else []), most))
    if not rows:
        raise UserError(
            f"no request is recorded in {records}, and {examples} is not there; {REMEDY}"
        )
    return [request([row]) for row in rows], f"{len(rows):,} rows of {examples} (none recorded)"


def recorded(records: Path) -> Iterator[Request]:
    """Yield the recorded requests, the newest day first; their rows stand in their order."""
    for day in days(records):
        grouped: dict[str, list[dict[str, Any]]] = {}
        for one in read_predictions(day):
            grouped.setdefault(one["request_id"], []).append(one["values"])
        yield from map(request, grouped.values())


def request(rows: list[dict[str, Any]]) -> Request:
    """Make a request of rows."""
    return Request(json.dumps({"rows": rows}).encode(), len(rows))


def replay(services: Sequence[str], sent: Sequence[Request]) -> list[list[Response]]:
    """Send each request to each service in turn, so that all meet the same load of the machine."""
    open_ = [http.client.HTTPConnection(service, timeout=TIMEOUT_S) for service in services]
    found = [[post(connection, one) for connection in open_] for one in sent]
    for connection in open_:
        connection.close()
    return [list(responses) for responses in zip(*found, strict=True)]


def post(connection: http.client.HTTPConnection, sent: Request) -> Response:
    """Send a request; a connection that was closed while it was idle is opened again, once."""
    start, idle = time.perf_counter(), connection.sock is not None
    try:
        connection.request("POST", "/predict", sent.body, HEADERS)
        response = connection.getresponse()
        return Response(response.status, response.read(), time.perf_counter() - start)
    except (OSError, http.client.HTTPException) as failure:
        connection.close()
        if idle and isinstance(failure, ConnectionError):
            return post(connection, sent)
        return Response(0, b"", time.perf_counter() - start)


def as_answers(responses: Iterable[Response], sent: Sequence[Request]) -> Answers:
    """Read what was answered to each row; all rows of a request get an answer, or none."""
    rows: list[dict[str, Any] | None] = []
    for response, one in zip(responses, sent, strict=True):
        found = predictions(response)
        rows += found if len(found) == one.rows else [None] * one.rows
    return as_scores(rows, np.array([response.seconds for response in responses]))


def predictions(response: Response) -> list[dict[str, Any]]:
    """Read the predictions of a response; none if it is not a good one."""
    try:
        return list(json.loads(response.body)["predictions"]) if response.status == 200 else []
    except (ValueError, KeyError, TypeError):
        return []
