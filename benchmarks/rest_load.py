"""A load generator of the standard library: some connections, each sending when answered.

Run as `python rest_load.py HOST PORT FILE CONNECTIONS SECONDS`; FILE holds a whole HTTP request. It
prints one line of JSON: how many answers came, how many of them were not 200, and in how long.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any


class Connection(asyncio.Protocol):
    """Sends a request, waits for the whole answer, and sends it again, until told to stop."""

    def __init__(self, request: bytes, deadline: float) -> None:
        """Start without a connection."""
        self.request, self.deadline = request, deadline
        self.answered = self.failed = 0
        self.received = b""
        self.done = asyncio.get_running_loop().create_future()

    def __call__(self) -> "Connection":
        """Be the protocol of the connection that is made for it."""
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Count an answer once it is whole, and send the next request."""
        self.received += data
        head, gap, content = self.received.partition(b"\r\n\r\n")
        if not gap or len(content) < announced(head):
            return
        self.answered += 1
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self.received = b""
        if time.perf_counter() < self.deadline:
            self.transport.write(self.request)
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        """Stop; a server that hangs up early has failed."""
        self.failed += time.perf_counter() < self.deadline
        self.done.set_result(None)


def announced(head: bytes) -> int:
    """Give the length of the content that an answer's head announces."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])


async def load(host: str, port: int, request: bytes, count: int, seconds: float) -> dict[str, Any]:
    """Send requests over some connections for some seconds."""
    loop, start = asyncio.get_running_loop(), time.perf_counter()
    connections = [Connection(request, start + seconds) for _ in range(count)]
    for connection in connections:
        await loop.create_connection(connection, host, port)
    await asyncio.gather(*(connection.done for connection in connections))
    return {
        "answered": sum(connection.answered for connection in connections),
        "failed": sum(connection.failed for connection in connections),
        "seconds": time.perf_counter() - start,
    }


if __name__ == "__main__":
    host, port, file, count, seconds = sys.argv[1:]
    sent = Path(file).read_bytes()
    print(json.dumps(asyncio.run(load(host, int(port), sent, int(count), float(seconds)))))
