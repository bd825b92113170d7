"""Clients that send slowly or nothing, do not read, or are too many."""

import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection

import psutil
import pytest
from modelyard.console import UserError
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.workers import max_connections

from tests.runtime.rest_load import COMMAND, RunningService, running_service, served

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals and file limits of Unix")

GET = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n"
HEADER_S, KEEP_ALIVE_S = 0.5, 1.5
FEW_FILES = "import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, (74, 74)); "
RUN = 'runpy.run_module("modelyard.serving.rest", run_name="__main__")'
NOT_READ = (
    "from modelyard.serving.rest import server; from modelyard.serving.rest.__main__ import main; "
    "server.UNREAD_MS = 500; main()"
)


@pytest.fixture(scope="module")
def place() -> Iterator[RunningService]:
    settings = {"REST_HEADER_TIMEOUT_S": HEADER_S, "REST_KEEP_ALIVE_S": KEEP_ALIVE_S}
    with running_service(**{name: str(value) for name, value in settings.items()}) as place:
        yield place


def open_time(place: RunningService, first: bytes, again: bytes = b"") -> tuple[bytes, float]:
    """Send something, and something again all the time; return the end of what came, and when."""
    start, received = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", place.port)) as client, suppress(ConnectionError):
        client.sendall(first)
        client.settimeout(0.05)
        while time.monotonic() < start + 8:
            with suppress(TimeoutError):
                part = client.recv(100_000)
                received += part
                if not part:
                    break
            client.sendall(again)
    return received, time.monotonic() - start


@pytest.mark.parametrize(
    ("first", "again", "status"),
    [
        (b"", b"", b""),
        (b"", b"\r\n", b""),
        (b"GET /hea", b"", b"HTTP/1.1 408"),
        (b"GET /health HTTP/1.1\r\nX: ", b"a", b"HTTP/1.1 408"),
        (BODY, b"a", b"HTTP/1.1 404"),
    ],
    ids=["nothing", "empty lines", "half a line", "a byte at a time", "a body in vain"],
)
def test_a_request_that_does_not_arrive_ends_its_connection(
    place: RunningService, first: bytes, again: bytes, status: bytes
) -> None:
    received, seconds = open_time(place, first, again)
    assert received.startswith(status)
    assert HEADER_S * 0.9 < seconds < KEEP_ALIVE_S + 1


def test_half_a_second_request_ends_its_connection_after_the_first_response(
    place: RunningService,
) -> None:
    received, seconds = open_time(place, GET + b"GET /hea")
    assert (received.count(b"HTTP/1.1 200"), received.count(b"HTTP/1.1 408")) == (1, 1)
    assert seconds < KEEP_ALIVE_S + 1


@pytest.mark.parametrize("first", [GET, BODY[:30] + b"t: 3\r\n\r\n"], ids=["get", "unread body"])
def test_an_idle_connection_stays_open_for_the_time_of_keep_alive(
    place: RunningService, first: bytes
) -> None:
    received, seconds = open_time(place, GET)
    assert received.startswith(b"HTTP/1.1 200")
    assert KEEP_ALIVE_S * 0.9 < seconds < KEEP_ALIVE_S + 2


def test_each_response_starts_the_time_of_keep_alive_again(place: RunningService) -> None:
    with closing(HTTPConnection("127.0.0.1", place.port, timeout=KEEP_ALIVE_S + 2)) as client:
        client.auto_open = 0
        client.connect()
        for _ in range(4):
            client.request("GET", "/health")
            assert client.getresponse().read() == b'{"status":"alive"}'
            time.sleep(KEEP_ALIVE_S * 0.6)
        assert client.sock.recv(1000) == b""


def test_idle_connections_stay_open_longer_than_those_of_load_balancers() -> None:
    assert Limits().rest_keep_alive_s > 60
    with pytest.raises(UserError, match="REST_KEEP_ALIVE_S is '0', allowed is a number from"):
        Limits.read({"REST_KEEP_ALIVE_S": "0"})


def connections(place: RunningService) -> int:
    return len(psutil.Process(place.process.pid).net_connections("tcp")) - 1


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux")
def test_a_client_that_does_not_read_is_disconnected() -> None:
    with running_service([sys.executable, "-c", NOT_READ, "--port", "0"]) as place:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with client:
            client.connect(("127.0.0.1", place.port))
            client.sendall(GET.replace(b"health", b"openapi.json") * 90)
            time.sleep(0.2)
            assert connections(place) >= 1
            end = time.monotonic() + 15
            while connections(place) > 0:
                assert time.monotonic() < end
                time.sleep(0.1)


def statuses(place: RunningService, count: int) -> list[bytes]:
    """Open connections that send half a request; return what each gets at once."""
    with ExitStack() as stack:
        clients = []
        for _ in range(count):
            clients.append(stack.enter_context(socket.create_connection(("127.0.0.1", place.port))))
            clients[-1].sendall(b"GET /hea")
        time.sleep(0.5)
        return [first_bytes(client) for client in clients]


def first_bytes(client: socket.socket) -> bytes:
    client.setblocking(False)
    try:
        return client.recv(12)
    except BlockingIOError:
        return b"open"
    except ConnectionResetError:
        return b""


def test_connections_above_the_limit_get_503_or_are_closed() -> None:
    settings = {"REST_MAX_CONNECTIONS": "20", "REST_HEADER_TIMEOUT_S": "1"}
    with running_service(**settings) as place:
        time.sleep(0.2)
        got = statuses(place, 60)
        assert (got.count(b"open"), got.count(b"HTTP/1.1 503")) == (20, 16)
        assert got.count(b"") == 24
        time.sleep(1.5)
        assert served(place, "/health") == b'{"status":"alive"}'
        assert b'status="503"' in served(place, "/metrics")
        assert place.errors == []


def test_few_open_files_lower_the_limit_and_no_log_grows() -> None:
    command = [sys.executable, "-c", FEW_FILES + RUN, *COMMAND[-2:]]
    with running_service(command, REST_HEADER_TIMEOUT_S="1") as place:
        time.sleep(0.2)
        assert statuses(place, 200).count(b"open") == 10
        time.sleep(1.5)
        assert served(place, "/health") == b'{"status":"alive"}'
        assert place.errors == []


def test_the_limit_of_connections_follows_the_limit_of_files() -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert max_connections(5) == 5
    if files != resource.RLIM_INFINITY:
        assert max_connections(10**9) == files - 64


def test_connections_without_a_whole_request_do_not_delay_the_stop() -> None:
    with running_service(REST_WORKERS="2") as place, ExitStack() as stack:
        for sent in (b"", b"GET /hea", GET, GET + b"GET /hea"):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", place.port)))
            client.sendall(sent)
        time.sleep(0.3)
        place.process.terminate()
        assert place.process.wait(8) == 0
