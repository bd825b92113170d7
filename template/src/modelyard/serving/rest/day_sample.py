"""Even sample of a day's requests within a quota, of all processes that record into a folder.

The hash of its id assigns each request to a tier: half of all to tier 0, a quarter to tier 1 and so
on. Each process writes one file per tier. Before a day exceeds its quota, the lowest tiers are
deleted and no longer recorded, so the sample is always all of the day's requests of the other
tiers, whenever and wherever they were answered; each is in it with the same probability
(P. Flajolet, "On adaptive sampling", Computing 43, 1990).

The processes of one machine hold a lock, and never exceed the quota. Several machines have no
common lock: each other machine may exceed it by one flush, until the next request is recorded. A
file is claimed by renaming it, so that only one process counts and deletes its rows, and ends with
`END`: its writer, if it was just adding to it, counts the rows behind.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import NamedTuple

from ...files import read_json, write_json
from .. import records

LOCK_TIMEOUT_S = 10.0
END = b"\0\n"  # no JSON


class PendingRequest(NamedTuple):
    """A request to be written: its tier, day, number of rows, and the function that formats it."""

    tier: int
    day: str
    rows: int
    lines: Callable[[], bytes]


def admit(
    day: Path, writer: str, requests: list[PendingRequest], quota: int
) -> tuple[dict[int, bytearray], int]:
    """Admit requests to the sample; delete lower tiers until all fit into the quota, in bytes.

    The caller holds a lock between all processes of this machine. A request larger than the quota
    is left out.

    Returns:
        The lines of each tier, and the number of rows left out, now or after they were recorded.
    """
    lowest, lost, parts = records.lowest_tier(day), 0, dict[int, bytearray]()
    for tier, _, rows, lines in requests:
        content = lines() if tier >= lowest else b""
        if 0 < len(content) <= quota:
            parts.setdefault(tier, bytearray()).extend(content)
        else:
            lost += rows
    sizes = [
        (int(path.stem[-2:]), records.file_size(path)) for path in day.glob(records.TIER_FILES)
    ]
    sizes += [(tier, len(content)) for tier, content in parts.items()]
    while sum(size for tier, size in sizes if tier >= lowest) > quota:
        lost += parts.pop(lowest, b"").count(b"\n")
        lowest += 1
    lower = records.lower_files(day, lowest)
    if lost or lower:
        leave_out(day, writer, lowest, lost)  # before a file is missing
    return parts, lost + sum(delete(path, writer, lowest) for path in lower)


def leave_out(day: Path, writer: str, lowest: int, rows: int) -> None:
    """Store the lowest tier, and add to the number of rows that this process has left out."""
    path = day / f"sample-{writer}.json"
    before = read_json(path, "delete it")["left_out"] if path.exists() else 0
    write_json(path, {"tier": lowest, "left_out": before + rows})


def delete(path: Path, writer: str, lowest: int) -> int:
    """Delete a file of a tier that is no longer recorded; return the number of its rows."""
    claimed = path.with_name(f"claimed-{writer}-{path.name}")
    try:
        path.rename(claimed)
    except (FileNotFoundError, PermissionError):  # another process did, or reads it on Windows
        return 0
    records.append(claimed, END)
    rows = sum(
        map(bool, map(records.parse_line, takewhile(END.__ne__, records.file_lines([claimed]))))
    )
    leave_out(path.parent, writer, lowest, rows)
    claimed.unlink()
    return rows


def add(day: Path, writer: str, tier: int, content: bytes) -> int:
    """Append lines; return how many came too late, as another machine had deleted the file."""
    path = day / f"predictions-{writer}-{tier:02}.jsonl"
    with path.open("ab+") as file:
        records.append(path, content)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return 0
        file.seek(0)
        late = len([*dropwhile(END.__ne__, file)][1:])
    if late:
        leave_out(day, writer, tier + 1, late)
    return late


@contextmanager
def process_lock(path: Path) -> Iterator[None]:
    """Hold a lock between processes; it is released even if this process crashes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(path, LOCK_TIMEOUT_S, isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
        yield
    finally:
        lock.close()
