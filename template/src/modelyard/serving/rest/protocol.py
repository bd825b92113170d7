"""HTTP/1.1 connections: uvicorn's protocol, within limits of size, time and number."""

from asyncio import TimerHandle
from math import inf
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 65_536
MAX_PIPELINED = 100
SPARE_CONNECTIONS = 16  # above the limit, to respond with 503
LINGER_S = 1.0  # closing while the client sends could destroy the response
GRACE_S = 0.1  # for requests that are on their way when the service stops
INVALID = 400, "the request is not valid HTTP/1.1, or CONNECT, which is not supported"
TOO_SLOW = 408, "REST_HEADER_TIMEOUT_S allows no more time for request line and headers"
TOO_LARGE = 431, f"request line and headers, or framing, exceed {MAX_HEAD_BYTES:,} bytes"


class Protocol(HttpToolsProtocol):
    """A connection that ignores upgrades, and refuses what is too large or too slow."""

    in_body, chunk_bytes, framing_bytes, head_ends_s = False, 0, 0, 0.0
    wait_ends_s = inf
    timer: TimerHandle | None = None  # one for all requests, as one for each takes longer
    reason, refused = INVALID, False

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request; refuse connections above the limit."""
        super().connection_made(transport)
        self.wait(for_head=True)
        allowed: int = self.config.max_connections  # type: ignore[attr-defined]
        if len(self.connections) > allowed + SPARE_CONNECTIONS:
            transport.abort()
        elif len(self.connections) > allowed:
            self.refuse(503, f"REST_MAX_CONNECTIONS allows {allowed:,} open connections")

    def data_received(self, data: bytes) -> None:
        """Parse requests, and wait for the next one; discard what follows a refused one."""
        if self.refused:
            return
        self.wait_ends_s = inf
        self.chunk_bytes = len(data)
        self.framing_bytes += self.chunk_bytes
        try:
            self.parse(data)
        except httptools.HttpParserError:
            return self.refuse(*self.reason)
        answered = self.cycle is None or self.cycle.response_complete
        if self.framing_bytes > MAX_HEAD_BYTES:
            self.refuse(*TOO_LARGE)
        elif answered or self.cycle.scope is not self.scope:
            self.wait(for_head=self.in_body or self.in_head() or not self.cycle)

    def in_head(self) -> bool:
        """Return whether a part of a head has arrived."""
        return bool(self.scope and not (self.cycle and self.cycle.scope is self.scope))

    def parse(self, data: bytes) -> None:
        """Parse bytes; an upgrade, whose body httptools skips, again without the header Upgrade."""
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                version = self.parser.get_http_version().encode()
                head = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
                head += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
                data = b"\r\n".join([*head, b"", data[upgrade.args[0] :]])
                self.parser = httptools.HttpRequestParser(self)

    def wait(self, *, for_head: bool) -> None:
        """Limit the time until a head is complete, or until the next request begins."""
        now, seconds = self.loop.time(), float(self.timeout_keep_alive)
        if for_head:
            timeout_s: float = self.config.limits.rest_header_timeout_s  # type: ignore[attr-defined]
            self.head_ends_s = self.head_ends_s or now + timeout_s
            seconds = self.head_ends_s - now
        self.wait_ends_s = now + seconds
        if self.timer is None or self.timer.when() > self.wait_ends_s:
            self.stop_timer()
            self.timer = self.loop.call_at(self.wait_ends_s, self.on_timer)

    def stop_timer(self) -> None:
        """Cancel the timer."""
        if self.timer:
            self.timer.cancel()
        self.timer = None

    def on_timer(self) -> None:
        """Refuse an incomplete head; close a connection that sends nothing or a body in vain."""
        self.timer = None
        if self.loop.time() < self.wait_ends_s:
            if self.wait_ends_s < inf:
                self.timer = self.loop.call_at(self.wait_ends_s, self.on_timer)
        elif self.in_head() and not self.transport.is_closing():
            self.refuse(*TOO_SLOW)
        else:
            self.transport.abort()

    def on_response_complete(self) -> None:
        """Start the next request that has arrived, or wait for one."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.wait(for_head=self.in_head())

    def connection_lost(self, exc: Exception | None) -> None:
        """End the request in progress."""
        self.stop_timer()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Start a request, unless it is an upgrade, or is refused: an error ends the parser."""
        if self.chunk_bytes > MAX_HEAD_BYTES or self.framing_bytes > MAX_HEAD_BYTES:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            self.reason = TOO_LARGE if size > MAX_HEAD_BYTES else INVALID
        upgrade = self.parser.should_upgrade()
        connect = upgrade and self.parser.get_method() == b"CONNECT"
        if connect or self.reason is TOO_LARGE or len(self.pipeline) >= MAX_PIPELINED:
            raise ValueError(self.reason)
        self.framing_bytes, self.head_ends_s = 0, 0.0
        if not upgrade:
            HttpToolsProtocol.on_headers_complete(self)  # faster than super()
            self.in_body, self.headers = True, []  # trailers are no headers

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; each byte excuses 8 of framing, so that chunks may be small."""
        self.framing_bytes = max(0, self.framing_bytes - 8 * len(body))
        HttpToolsProtocol.on_body(self, body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self.in_body:
            self.in_body, self.framing_bytes, self.head_ends_s = False, 0, 0.0
            HttpToolsProtocol.on_message_complete(self)

    def shutdown(self) -> None:
        """Close after the response to a request that may be on its way."""
        self.loop.call_later(GRACE_S, super().shutdown)

    def refuse(self, status: int, error: str) -> None:
        """Respond in place of the application, and close; no request gets two responses."""
        self.refused, cycle = True, self.cycle
        if cycle and not (cycle.more_body or cycle.response_complete):
            cycle.keep_alive = False  # the last complete request is in progress
        elif self.pipeline or (cycle and cycle.response_started and self.in_body):
            self.transport.close()
        else:
            if cycle and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
            self.app.state.service.metrics.count_request("-", "other", status, 0.0)
            head = "content-type: application/json\r\nconnection: close\r\ncontent-length: "
            body = f'{{"error":"{error}"}}'
            text = f"{head}{len(body)}\r\n\r\n{body}"
            self.transport.write(STATUS_LINE[status] + text.encode())
            self.transport.write_eof()
            self.loop.call_later(LINGER_S, self.transport.abort)
