"""Even sample of a day's requests within a quota, of all processes that record into a folder.

The hash of its id assigns each request to a tier: half of all to tier 0, a quarter to tier 1 and so
on. Each process writes one file per tier. Before a day exceeds its quota, the lowest tiers are
emptied and no longer recorded, so the sample is always all of the day's requests of the other
tiers, whenever and wherever they were answered; each is in it with the same probability
(P. Flajolet, "On adaptive sampling", Computing 43, 1990).
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ...files import write_json
from ..records import SAMPLE, read_lines, read_sample

FILES = "predictions-*-[0-9][0-9].jsonl"
LOCK_TIMEOUT_S = 10.0


class PendingRequest(NamedTuple):
    """A request to be written: its tier, day, number of rows, and the function that formats it."""

    tier: int
    day: str
    rows: int
    lines: Callable[[], bytes]


def admit(
    day: Path, requests: list[PendingRequest], quota: int
) -> tuple[dict[int, bytearray], int]:
    """Admit requests to the sample; empty lower tiers until all fit into the quota, in bytes.

    The caller holds a lock between all processes that write there. A request larger than the quota
    is left out.

    Returns:
        The lines of each tier, and the number of rows left out, now or after they were recorded.
    """
    state, files = read_sample(day), {path: int(path.stem[-2:]) for path in day.glob(FILES)}
    lowest, lost, parts = state["tier"], 0, dict[int, bytearray]()
    for tier, _, rows, lines in requests:
        content = lines() if tier >= lowest else b""
        if 0 < len(content) <= quota:
            parts.setdefault(tier, bytearray()).extend(content)
        else:
            lost += rows
    sizes = [(tier, path.stat().st_size) for path, tier in files.items()]
    sizes += [(tier, len(content)) for tier, content in parts.items()]
    while sum(size for tier, size in sizes if tier >= lowest) > quota:
        lost += parts.pop(lowest, b"").count(b"\n")
        lowest += 1
    emptied = [path for path, tier in files.items() if tier < lowest and path.stat().st_size]
    lost += sum(1 for _ in read_lines(emptied))
    if lost:
        write_json(day / SAMPLE, {"tier": lowest, "left_out": state["left_out"] + lost})
    for path in emptied:
        os.truncate(path, 0)
    return parts, lost


@contextmanager
def process_lock(path: Path) -> Iterator[None]:
    """Hold a lock between processes; it is released even if this process crashes.

    Raises:
        sqlite3.OperationalError: another process held it too long, or writing failed.
    """
    lock = sqlite3.connect(path, LOCK_TIMEOUT_S, isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
        yield
    finally:
        lock.close()
