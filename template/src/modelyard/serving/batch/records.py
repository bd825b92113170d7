"""Where the records of a CSV end: it is cut into chunks without being held in memory."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ...console import UserError

BLOCK_BYTES = 1 << 23


@dataclass(frozen=True)
class Cuts:
    """A CSV's hash, its rows without the header, and where chunks of some rows each begin.

    `starts` holds one place more than there are chunks: the file's end. The first is the header's.
    """

    sha256: str
    rows: int
    starts: list[int]


def cut(path: Path, rows: int) -> Cuts:
    """Read a CSV once, hash it, and find where each `rows` of its rows begin.

    Raises:
        UserError: a quote is opened and never closed.
    """
    digest, starts, records, size, last = hashlib.sha256(), [], 0, 0, 0
    with path.open("rb") as file:
        for block, ends in record_ends(file, path):
            digest.update(block)
            starts += ends[-records % rows :: rows].tolist()
            records += len(ends)
            size += len(block)
            last = int(ends[-1]) if len(ends) else last
    records += size > last
    starts = [start for start in starts if start < size] + [size]
    return Cuts(digest.hexdigest(), max(records - 1, 0), starts)


def record_ends(file: BinaryIO, path: Path) -> Iterator[tuple[bytes, np.ndarray]]:
    """Give a file block by block, and with each the places behind its line ends outside quotes."""
    quotes = position = 0
    while block := file.read(BLOCK_BYTES):
        content = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(content == ord("\n")) + 1
        if b'"' in block or quotes % 2:
            places = np.flatnonzero(content == ord('"'))
            before = np.searchsorted(places, ends) + quotes
            ends, quotes = ends[before % 2 == 0], quotes + len(places)
        yield block, ends + position
        position += len(block)
    if quotes % 2:
        raise UserError(f"{path} is no readable csv: a quote is opened and never closed")
