"""Load generator of the standard library that checks each response.

Run as `python load.py PORT FOLDER CONNECTIONS SECONDS [RATE]`. FOLDER holds `request`, a whole HTTP
request, and `content`, the expected body of each response. Without RATE each connection sends
after a response; with RATE that many requests per second are due, and a request waits while all
connections are in use. Prints a line of JSON; latencies count from when a request was due.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Tally:
    """Milliseconds until a 200, until a 503 and until sending; counts of other responses."""

    content: bytes
    answered_ms: list[float] = field(default_factory=list)
    refused_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    failed: int = 0
    different: int = 0

    def count(self, head: bytes, content: bytes, due: float) -> None:
        """Count a response."""
        took_ms, status = (time.perf_counter() - due) * 1000, head[9:12]
        if status == b"200":
            self.answered_ms.append(took_ms)
            self.different += content != self.content
        elif status == b"503":
            self.refused_ms.append(took_ms)
        else:
            self.failed += 1

    def report(self, seconds: float) -> dict[str, Any]:
        """Return the counts and the quantiles."""
        counts = {"answered": len(self.answered_ms), "refused": len(self.refused_ms)}
        wrong = {"failed": self.failed, "different": self.different, "seconds": seconds}
        named = {"": self.answered_ms, "refused_": self.refused_ms, "late_": self.late_ms}
        times = {
            f"{name}p{share}_ms": quantile(values, share / 100)
            for name, values in named.items()
            for share in (50, 99)
        }
        return counts | wrong | times


class Connection(asyncio.Protocol):
    """Sends a request, and passes on the complete response.

    Args:
        tally: counts the responses.
        free: called with the connection once it may send again.
    """

    def __init__(self, tally: Tally, free: Callable[["Connection"], None]) -> None:
        """Start without a request in progress."""
        self.tally, self.free = tally, free
        self.received, self.due = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Become free."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Send a request that was due at a time of `time.perf_counter`."""
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Receive a part of a response."""
        self.received += data
        head, gap, content = self.received.partition(b"\r\n\r\n")
        if gap and len(content) >= content_length(head):
            self.received = b""
            self.tally.count(head, content, self.due)
            self.due = 0.0
            self.free(self)

    def connection_lost(self, _: Exception | None) -> None:
        """Count a connection closed by the server before its response."""
        self.tally.failed += self.due > 0


def content_length(head: bytes) -> int:
    """Return the content length in the head of a response."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])


def quantile(values: list[float], share: float) -> float | None:
    """Return the value below which a share of the values lies; None without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


async def closed(port: int, request: bytes, tally: Tally, count: int, seconds: float) -> None:
    """Send over some connections, over each after its last response."""
    start, left = time.perf_counter(), asyncio.Semaphore(0)

    def free(connection: Connection) -> None:
        now = time.perf_counter()
        if now < start + seconds:
            connection.send(request, now)
        else:
            left.release()

    for _ in range(count):
        free(await connected(port, tally, free))
    for _ in range(count):
        await left.acquire()


async def paced(
    port: int, request: bytes, tally: Tally, most: int, seconds: float, rate: float
) -> None:
    """Send at a rate, over as many connections as needed, and wait for all responses."""
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    start, opened = time.perf_counter(), 0
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if idle.empty() and opened < most:
            idle.put_nowait(await connected(port, tally, idle.put_nowait))
            opened += 1
        connection = await idle.get()
        tally.late_ms.append((time.perf_counter() - due) * 1000)
        connection.send(request, due)
    for _ in range(opened):
        await idle.get()


async def connected(port: int, tally: Tally, free: Callable[[Connection], None]) -> Connection:
    """Connect."""
    loop = asyncio.get_running_loop()
    made = await loop.create_connection(lambda: Connection(tally, free), "127.0.0.1", port)
    return made[1]


def main(port: str, folder: str, connections: str, seconds: str, rate: str = "") -> None:
    """Send requests, and print the report."""
    request, content = (Path(folder, name).read_bytes() for name in ("request", "content"))
    tally, start = Tally(content), time.perf_counter()
    arguments = (int(port), request, tally, int(connections), float(seconds))
    asyncio.run(paced(*arguments, float(rate)) if rate else closed(*arguments))
    print(json.dumps(tally.report(time.perf_counter() - start)))


if __name__ == "__main__":
    main(*sys.argv[1:])
