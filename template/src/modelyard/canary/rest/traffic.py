"""Requests as users sent them, and what a service answers to them."""

import http.client
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...console import UserError
from ...serving.predictor import REMEDY
from ...serving.record import days, read_lines, read_predictions
from ..judge import Answers, score

HEADERS = {"content-type": "application/json"}
TIMEOUT_S = 30.0


class Request(NamedTuple):
    """A body for `POST /predict`, and how many rows it holds."""

    body: bytes
    rows: int


class Answer(NamedTuple):
    """A status, 0 if no answer came; the body; how long it took; who gave it, if a proxy told."""

    status: int
    body: bytes
    seconds: float
    by: str = ""


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
    return [body([row]) for row in rows], f"{len(rows):,} rows of {examples}, as none are recorded"


def recorded(records: Path) -> Iterator[Request]:
    """Yield the recorded requests, the newest day first; their rows stand in their order."""
    for day in days(records):
        grouped: dict[str, list[dict[str, Any]]] = {}
        for one in read_predictions(day):
            grouped.setdefault(one["request_id"], []).append(one["values"])
        yield from map(body, grouped.values())


def body(rows: list[dict[str, Any]]) -> Request:
    """Make a request of rows."""
    return Request(json.dumps({"rows": rows}).encode(), len(rows))


def ask(connection: http.client.HTTPConnection, request: Request) -> Answer:
    """Send a request; a connection that was closed while it was idle is opened again, once."""
    start, idle = time.perf_counter(), connection.sock is not None
    try:
        connection.request("POST", "/predict", request.body, HEADERS)
        told = connection.getresponse()
        by = told.headers.get("x-served-by", "").split(",")[-1].strip()  # the last one tried
        return Answer(told.status, told.read(), time.perf_counter() - start, by)
    except (OSError, http.client.HTTPException) as failure:
        connection.close()
        if idle and isinstance(failure, ConnectionError):
            return ask(connection, request)
        return Answer(0, b"", time.perf_counter() - start)


def replay(sides: Sequence[str], asked: Sequence[Request]) -> list[list[Answer]]:
    """Send each request to each side, in turns, so that all have the same weather.

    Args:
        sides: hosts with ports.
        asked: what is sent.
    """
    open_ = [http.client.HTTPConnection(side, timeout=TIMEOUT_S) for side in sides]
    found = [[ask(connection, request) for connection in open_] for request in asked]
    for connection in open_:
        connection.close()
    return [list(side) for side in zip(*found, strict=True)]


def load(side: str, asked: Sequence[Request], count: int, at_once: int = 4) -> list[Answer]:
    """Send so many requests over several connections, beginning anew when all are sent.

    Returns:
        the answers in the order of the requests, whichever connection they came by.
    """

    def some(place: int) -> list[Answer]:
        connection = http.client.HTTPConnection(side, timeout=TIMEOUT_S)
        found = [ask(connection, one) for one in islice(cycle(asked), place, count, at_once)]
        connection.close()
        return found

    with ThreadPoolExecutor(at_once) as pool:
        parts = list(pool.map(some, range(at_once)))
    return [parts[place % at_once][place // at_once] for place in range(count)]


def understood(answers: Iterable[Answer], asked: Iterable[Request]) -> Answers:
    """Turn answers into scores, row by row; a row without one has NaN."""
    scores: list[list[float]] = []
    told = []
    for answer, request in zip(answers, asked, strict=True):
        found = predictions(answer) if answer.status == 200 else []
        whole = len(found) == request.rows
        scores += [score(one) for one in found] if whole else [[]] * request.rows
        told += [whole] * request.rows
    width = max(map(len, scores), default=1) or 1
    filled = [row if len(row) == width else [float("nan")] * width for row in scores]
    waited = np.array([answer.seconds for answer in answers])
    return Answers(np.array(filled, np.float64).reshape(-1, width), np.array(told, bool), waited)


def predictions(answer: Answer) -> list[dict[str, Any]]:
    """Read the predictions of an answer; none if it is not one of ours."""
    try:
        return list(json.loads(answer.body)["predictions"])
    except (ValueError, KeyError, TypeError):
        return []
