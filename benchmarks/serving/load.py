"""A load generator of the standard library, which checks each answer.

Run as `python load.py PORT FOLDER CONNECTIONS SECONDS [RATE]`. FOLDER holds `request`, a whole HTTP
request, and `content`, what each answer must say. Without RATE each connection sends when it was
answered; with it so many requests a second are due, answered or not, and a request waits if all
connections are taken. Prints a line of JSON; latencies count from when a request was due.
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
    """What came of the requests: milliseconds to a 200, to a 503, and to the sending; others."""

    content: bytes
    answered_ms: list[float] = field(default_factory=list)
    refused_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    failed: int = 0
    different: int = 0

    def count(self, head: bytes, content: bytes, due: float) -> None:
        """Count an answer."""
        took_ms, status = (time.perf_counter() - due) * 1000, head[9:12]
        if status == b"200":
            self.answered_ms.append(took_ms)
            self.different += content != self.content
        elif status == b"503":
            self.refused_ms.append(took_ms)
        else:
            self.failed += 1

    def report(self, seconds: float) -> dict[str, Any]:
        """Sum up."""
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
    """Sends a request, and hands over the whole answer.

    Args:
        tally: counts the answers.
        free: is called with the connection once it may send again.
    """

    def __init__(self, tally: Tally, free: Callable[["Connection"], None]) -> None:
        """Start without a request under way."""
        self.tally, self.free = tally, free
        self.received, self.due = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be free."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Send a request that was due at a time of `time.perf_counter`."""
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        self.received += data
        head, gap, content = self.received.partition(b"\r\n\r\n")
        if gap and len(content) >= announced(head):
            self.received = b""
            self.tally.count(head, content, self.due)
            self.due = 0.0
            self.free(self)

    def connection_lost(self, _: Exception | None) -> None:
        """Count a server that hangs up before it has answered."""
        self.tally.failed += self.due > 0


def announced(head: bytes) -> int:
    """Give the length of the content that an answer's head announces."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])


def quantile(values: list[float], share: float) -> float | None:
    """Give the value below which a share of the values lies; None without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


async def closed(port: int, request: bytes, tally: Tally, count: int, seconds: float) -> None:
    """Send over some connections, over each when it was answered."""
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
    """Send at a rate, over as many connections as that takes, and wait for all answers."""
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
    """Send, and report."""
    request, content = (Path(folder, name).read_bytes() for name in ("request", "content"))
    tally, start = Tally(content), time.perf_counter()
    asked = (int(port), request, tally, int(connections), float(seconds))
    asyncio.run(paced(*asked, float(rate)) if rate else closed(*asked))
    print(json.dumps(tally.report(time.perf_counter() - start)))


if __name__ == "__main__":
    main(*sys.argv[1:])
