"""Connections by raw sockets: each request gets one response, within limits of size and time."""

import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.runtime.rest_load import CONTENT, RunningService, running_service

GET = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
UNREAD = b"POST /nothing HTTP/1.1\r\nHost: x\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(CONTENT)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%b\r\n0\r\n" % (len(CONTENT), CONTENT)
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"
WEBSOCKET = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
LARGE = b"a" * 70_000
PLAIN_UVICORN = """
from modelyard.serving.rest import workers
workers.Protocol = "httptools"
from modelyard.serving.rest.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def place() -> Iterator[RunningService]:
    with running_service() as place:
        yield place


def talk(place: RunningService, *parts: bytes, quiet_s: float = 0.3) -> tuple[list[int], bool]:
    """Send some parts; return the status of each response, and whether the server closed."""
    received, closed = b"", True
    with socket.create_connection(("127.0.0.1", place.port)) as client:
        client.settimeout(quiet_s)
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                client.sendall(part)
                time.sleep(0.05)
        try:
            while part := client.recv(1_000_000):
                received += part
        except TimeoutError:
            closed = False
        except ConnectionResetError:
            pass
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+) ", received)], closed


@pytest.mark.parametrize("upgrade", [H2C, WEBSOCKET], ids=["h2c", "websocket"])
@pytest.mark.parametrize(
    ("head", "parts"),
    [
        (LENGTH, [CONTENT]),
        (LENGTH, [CONTENT[:10], CONTENT[10:]]),
        (CHUNKED, [CHUNKS + b"\r\n"]),
        (b"Connection: keep-alive\r\n" + LENGTH, [CONTENT]),
    ],
    ids=["length", "in parts", "chunked", "two Connection headers"],
)
def test_an_upgrade_is_ignored(
    place: RunningService, upgrade: bytes, head: bytes, parts: list[bytes]
) -> None:
    request = POST + upgrade + head + b"\r\n"
    assert talk(place, request, *parts) == ([200], False)
    assert talk(place, request + b"".join(parts) + GET) == ([200, 200], False)


def test_the_body_of_an_upgrade_is_never_a_request(place: RunningService) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(GET)
    for upgrade in (H2C, WEBSOCKET):
        assert talk(place, POST + upgrade + length, GET) == ([400], False)
        assert talk(place, POST + upgrade + length + GET) == ([400], False)


def test_plain_uvicorn_takes_the_body_of_an_upgrade_for_a_request() -> None:
    with running_service([sys.executable, "-c", PLAIN_UVICORN, "--port", "0"]) as plain:
        length = b"Content-Length: %d\r\n\r\n" % len(GET)
        assert talk(plain, POST + H2C + length, GET) == ([400, 200], False)


def test_an_upgrade_may_expect_100_continue_or_close(place: RunningService) -> None:
    expecting = POST + H2C + LENGTH + b"Expect: 100-continue\r\n\r\n"
    assert talk(place, expecting, CONTENT) == ([100, 200], False)
    closing = H2C.replace(b"Upgrade,", b"close, Upgrade,")
    assert talk(place, POST + closing + LENGTH + b"\r\n" + CONTENT) == ([200], True)


@pytest.mark.parametrize("start", [POST, POST + H2C, b"GET /health HTTP/1.1\r\n"])
@pytest.mark.parametrize(
    "head",
    [
        LENGTH + CHUNKED,
        CHUNKED + LENGTH,
        LENGTH + LENGTH,
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: +3\r\n",
        b"Content-Length: \r\n",
        b"Content-Length : 3\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        CHUNKED + b"X: a\r\n folded: b\r\n",
        CHUNKED + b"X: a\n",
        CHUNKED + b"X: a\0b\r\n",
    ],
    ids=repr,
)
def test_ambiguous_framing_gets_one_response_and_is_closed(
    place: RunningService, start: bytes, head: bytes
) -> None:
    assert talk(place, start + head + b"\r\n" + GET) == ([400], True)


@pytest.mark.parametrize(
    "sent",
    [b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n" + GET, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
)
def test_another_protocol_is_refused(place: RunningService, sent: bytes) -> None:
    assert talk(place, sent) == ([400], True)


def test_an_invalid_path_gets_a_response_after_others(place: RunningService) -> None:
    assert talk(place, GET, b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n") == ([200, 400], True)


def test_no_request_gets_two_responses(place: RunningService) -> None:
    broken = b"zz\r\n"
    assert talk(place, UNREAD + CHUNKED + b"\r\n", broken) == ([404], True)
    assert talk(place, POST + CHUNKED + b"\r\n", broken) == ([400], True)
    assert talk(place, POST + LENGTH + b"\r\n" + CONTENT + b"\0\r\n\r\n") == ([200], True)


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET /health HTTP/1.1\r\nX: " + LARGE + b"\r\n\r\n"],
        [b"GET /health HTTP/1.1\r\nX: ", *[LARGE] * 40],
        [b"GET /health HTTP/1.1\r\n" + b"a: b\r\n" * 12_000 + b"\r\n"],
        [b"GET /" + LARGE + b" HTTP/1.1\r\n\r\n"],
        [b"\r\n" * 40_000],
        [POST + CHUNKED + b"\r\n", b"1;" + LARGE],
        [POST + CHUNKED + b"\r\n" + CHUNKS + b"X: ", LARGE],
    ],
    ids=["header", "endless header", "headers", "path", "empty lines", "extension", "trailer"],
)
def test_what_is_too_large_is_refused(place: RunningService, parts: list[bytes]) -> None:
    assert talk(place, *parts) == ([431], True)


def test_what_is_just_small_enough_is_served(place: RunningService) -> None:
    head = b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + LARGE[:65_000] + b"\r\n\r\n"
    assert talk(place, head, head) == ([200, 200], False)
    small = b"".join(b"1\r\n%c\r\n" % byte for byte in CONTENT + b" " * 20_000)
    assert talk(place, POST + CHUNKED + b"\r\n" + small + b"0\r\n\r\n") == ([200], False)


def test_a_trailer_is_no_header(place: RunningService) -> None:
    trailer = b"Content-Encoding: gzip\r\n\r\n"
    assert talk(place, POST + CHUNKED + b"\r\n" + CHUNKS + trailer + GET) == ([200, 200], False)
