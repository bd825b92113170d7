"""A service that passes on to another one, until it falls ill."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.listening import listening

HANGS_UP, FAILS, DAWDLES = "hangs up", "fails", "dawdles"
DAWDLE_S = 0.3


class Unwell(BaseHTTPRequestHandler):
    """Answers as the service behind it does; after some requests as its illness has it."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece
    behind, illness, left = "", "", 0

    def setup(self) -> None:
        """Know of no connection to another service yet."""
        super().setup()
        self.upstream: http.client.HTTPConnection | None = None

    def do_GET(self) -> None:
        """Pass on."""
        self.answer(*self.fetched("GET", None))

    def do_POST(self) -> None:
        """Pass on while well; then hang up, fail, dawdle, or be another service."""
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).left -= 1
        if self.left < 0:
            self.close_connection = self.illness == HANGS_UP
            time.sleep(DAWDLE_S if self.illness == DAWDLES else 0)
        if not self.close_connection:
            failed = self.left < 0 and self.illness == FAILS
            self.answer(*((500, b"{}") if failed else self.fetched("POST", body)))

    def fetched(self, method: str, body: bytes | None) -> tuple[int, bytes]:
        """Ask the service behind: when ill of another model, that one's."""
        where = self.illness if self.left < 0 and ":" in self.illness else self.behind
        if self.upstream is None or f"{self.upstream.host}:{self.upstream.port}" != where:
            self.upstream = http.client.HTTPConnection(where, timeout=30)
        self.upstream.request(method, self.path, body, {"content-type": "application/json"})
        told = self.upstream.getresponse()
        return told.status, told.read()

    def answer(self, status: int, body: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def unwell(behind: str, illness: str = "", after: int = 10**9) -> Iterator[str]:
    """Give the address of a service that falls ill after so many requests.

    Args:
        behind: `http://HOST:PORT` of the service that answers while it is well.
        illness: one of those above, or the address of the service that answers then.
        after: how many predictions it gives before.
    """
    words = {"behind": bare(behind), "illness": bare(illness), "left": after}
    with listening(type("Made", (Unwell,), words)) as address:
        yield address


def bare(address: str) -> str:
    """Take `http://` away."""
    return address.removeprefix("http://").rstrip("/")
