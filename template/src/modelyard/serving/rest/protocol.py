"""HTTP/1.1 connections: uvicorn's protocol, within limits of size, time and number."""

import asyncio
from itertools import chain
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 65_536
MAX_PIPELINED = 100
SPARE_CONNECTIONS = 16  # above the limit, to respond with 503
LINGER_S = 1.0  # closing while the client sends could destroy the response
INVALID = 400, "the request is not valid HTTP/1.1"
TOO_LARGE = 431, f"request line and headers, or framing, exceed {MAX_HEAD_BYTES:,} bytes"
UNSUPPORTED = 501, "neither CONNECT nor so many pipelined requests are supported"
HEADERS = "content-type: application/json\r\nconnection: close\r\ncontent-length:"


class Protocol(HttpToolsProtocol):
    """A connection that ignores upgrades, and refuses what is too large or too slow."""

    def __init__(self, config: Any, **named: Any) -> None:
        super().__init__(config, **named)
        self.limits, self.max_connections = config.limits, config.max_connections
        self.part, self.framing_bytes, self.reason, self.refused = "", 0, INVALID, False
        self.deadline: asyncio.TimerHandle | None = None
        self.sending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start the deadline of the first request; refuse connections above the limit."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # `pause_writing` as soon as the client does not read
        self.start_deadline()
        over = len(self.connections) - self.max_connections
        if over > SPARE_CONNECTIONS:
            transport.abort()
        elif over > 0:
            self.refuse(503, f"REST_MAX_CONNECTIONS allows {self.max_connections:,} connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all deadlines."""
        self.stop_deadline()
        self.resume_writing()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse requests and start the deadline of the next; discard what follows a refusal."""
        if self.refused:
            return
        self._unset_keepalive_if_required()
        self.framing_bytes += len(data)
        try:
            self.parse(data)
        except httptools.HttpParserError:
            return self.refuse(*self.reason)
        answered = self.cycle is None or self.cycle.response_complete
        if self.framing_bytes > MAX_HEAD_BYTES:
            self.refuse(*TOO_LARGE)
        elif self.part == "head" or (self.part and answered):
            self.start_deadline()
        elif answered and self.cycle:
            self.stop_deadline()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def parse(self, data: bytes) -> None:
        """Parse bytes; an upgrade, whose body httptools skips, is parsed again without the header.

        Raises:
            HttpParserError: a request is invalid, or refused for `reason`.
        """
        while data:
            try:
                data = self.parser.feed_data(data) or b""
            except httptools.HttpParserUpgrade as upgrade:
                version = self.parser.get_http_version().encode()
                head = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
                head += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
                data = b"\r\n".join([*head, b"", data[upgrade.args[0] :]])
                self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        """Begin the head of a request."""
        self.part = "head"
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer after the body is none."""
        if self.part == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start a request, unless it is refused, or an upgrade that is parsed again.

        Raises:
            ValueError: it is refused, which makes the parser fail.
        """
        self.framing_bytes = 0
        size = sum(
            map(len, chain.from_iterable(self.headers)), len(self.url) + 4 * len(self.headers)
        )
        if size > MAX_HEAD_BYTES:
            self.reason = TOO_LARGE
        elif len(self.pipeline) >= MAX_PIPELINED or self.parser.get_method() == b"CONNECT":
            self.reason = UNSUPPORTED
        if self.reason is not INVALID:
            raise ValueError(self.reason)
        if not self.parser.should_upgrade():
            self.part = "body"
            self.stop_deadline()
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; each byte excuses 8 of framing, so that chunks may be small."""
        self.framing_bytes = max(0, self.framing_bytes - 8 * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self.part == "body":
            self.part, self.framing_bytes = "", 0
            super().on_message_complete()

    def refuse(self, status: int, error: str) -> None:
        """Respond in place of the application, and close; no request gets two responses."""
        self.stop_deadline()
        self.refused, cycle = True, self.cycle
        if cycle and not (cycle.more_body or cycle.response_complete):
            cycle.keep_alive = False  # the last complete request is in progress
        elif self.pipeline or (cycle and cycle.response_started and self.part == "body"):
            self.transport.close()
        else:
            if cycle and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
            self.app.state.service.metrics.count_request("-", "other", status, 0.0)
            body = f'{{"error":"{error}"}}'
            head = f"{HEADERS} {len(body)}\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + (head + body).encode())
            self.transport.write_eof()
            self.deadline = self.loop.call_later(LINGER_S, self.transport.abort)

    def start_deadline(self) -> None:
        """Start the deadline of a request, unless it runs already."""
        if not self.deadline:
            seconds = self.limits.rest_header_timeout_s
            self.deadline = self.loop.call_later(seconds, self.end_deadline)

    def end_deadline(self) -> None:
        """Refuse an incomplete head; close a connection that sent nothing, or no end of a body."""
        seconds = f"{self.limits.rest_header_timeout_s:g} s (REST_HEADER_TIMEOUT_S)"
        if self.part == "head":
            self.refuse(408, f"request line and headers are incomplete after {seconds}")
        else:
            self.transport.abort()

    def stop_deadline(self) -> None:
        """Stop the deadline of a request."""
        if self.deadline:
            self.deadline = self.deadline.cancel()

    def pause_writing(self) -> None:
        """Limit the time that the client may take to read a response."""
        super().pause_writing()
        self.sending = self.loop.call_later(self.limits.rest_send_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        """End this limit, as all is sent."""
        super().resume_writing()
        if self.sending:
            self.sending = self.sending.cancel()
