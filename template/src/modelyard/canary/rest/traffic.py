"""Replay of recorded requests, and parsing of the responses."""

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
from ...serving.records import days, prediction_files, read_lines
from ..judge import Outputs, to_outputs

HEADERS = {"content-type": "application/json"}
TIMEOUT_S = 30.0


class Request(NamedTuple):
    """Body of `POST /predict`, and its number of rows."""

    body: bytes
    rows: int


class Response(NamedTuple):
    """HTTP status (0 without a response), body, and latency."""

    status: int
    body: bytes
    seconds: float


def requests(records: Path, examples: Path, most: int) -> tuple[list[Request], str]:
    """Return the newest recorded requests, else the model's examples, and where they are from."""
    found = list(islice(recorded(records), most))
    if found:
        return found, f"{len(found):,} recorded requests from {records}"
    rows = list(islice(read_lines([examples] if examples.is_file() else []), most))
    if not rows:
        raise UserError(
            f"{records} has no recorded requests, and {examples} does not exist; {REMEDY}"
        )
    return [request([row]) for row in rows], f"{len(rows):,} rows of {examples} (none recorded)"


def recorded(records: Path) -> Iterator[Request]:
    """Yield the recorded requests, the newest day first, with rows in order."""
    for day in days(records):
        grouped: dict[str, list[dict[str, Any]]] = {}
        for one in read_lines(prediction_files(day)):
            grouped.setdefault(one["request_id"], []).append(one["values"])
        yield from map(request, grouped.values())


def request(rows: list[dict[str, Any]]) -> Request:
    """Return a request for rows."""
    return Request(json.dumps({"rows": rows}).encode(), len(rows))


def replay(services: Sequence[str], sent: Sequence[Request]) -> list[list[Response]]:
    """Send each request to each service, in alternating order: all run under the same load."""
    connections = [http.client.HTTPConnection(one, timeout=TIMEOUT_S) for one in services]
    found = []
    for number, one in enumerate(sent):
        order = slice(None, None, -1 if number % 2 else 1)
        found.append([post(connection, one) for connection in connections[order]][order])
    for connection in connections:
        connection.close()
    return [list(responses) for responses in zip(*found, strict=True)]


def post(connection: http.client.HTTPConnection, sent: Request) -> Response:
    """Send a request; retry once if the connection was closed while idle."""
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


def read_outputs(responses: Iterable[Response], sent: Sequence[Request]) -> Outputs:
    """Parse the responses; a request with missing predictions counts as failed."""
    rows: list[dict[str, Any] | None] = []
    for response, one in zip(responses, sent, strict=True):
        found = predictions(response)
        rows += found if len(found) == one.rows else [None] * one.rows
    return to_outputs(rows, np.array([response.seconds for response in responses]))


def predictions(response: Response) -> list[dict[str, Any]]:
    """Return the predictions of a response; empty if it is an error."""
    try:
        return list(json.loads(response.body)["predictions"]) if response.status == 200 else []
    except (ValueError, KeyError, TypeError):
        return []
