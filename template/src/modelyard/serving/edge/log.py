"""The rows answered last, in a file of a fixed greatest size: each row has a slot, the oldest goes.

A slot is a line: a running number of 12 digits, the record as JSON, blanks up to the slot's size.
A power failure spoils one slot at most, which is then left out when the log is read.
"""

import json
import sys
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

DIGITS = 12


class Log:
    """Keeps the last records; whatever happens to the file, nothing is raised.

    Args:
        path: the file.
        rows: how many records it keeps; 0 keeps none.
        row_bytes: size of a slot; of a longer record only the answer is kept, or nothing.
        told: whether to say so when the file cannot be written.
    """

    def __init__(self, path: Path, rows: int, row_bytes: int, *, told: bool) -> None:
        self.path, self.rows, self.row_bytes, self.told = path, rows, row_bytes, told
        self.file: FileIO | None = None
        self.next = 0

    def add(self, time: str, lines: list[bytes], answers: list[bytes]) -> None:
        """Keep lines with their answers, if it can be done."""
        if not self.rows:
            return
        try:
            self.file = self.file or self.opened()
            self.next += max(0, len(lines) - self.rows)
            for line, answer in zip(lines[-self.rows :], answers[-self.rows :], strict=True):
                self.file.seek(self.next % self.rows * self.row_bytes)
                self.file.write(slot(self.next, record(time, line, answer), self.row_bytes))
                self.next += 1
        except OSError as failure:
            self.rows = 0
            if self.told:
                print(f"warning: no log in {self.path}: {failure.strerror}", file=sys.stderr)

    def opened(self) -> FileIO:
        """Open the file and find the next number; a log of other sizes is begun anew."""
        content = self.path.read_bytes() if self.path.exists() else b""
        fits = content.find(b"\n") == self.row_bytes - 1
        fits = fits and len(content) <= self.rows * self.row_bytes
        self.next = max((number for number, _ in slots(content)), default=-1) + 1 if fits else 0
        return FileIO(self.path, "r+" if fits else "w+")


def record(time: str, line: bytes, answer: bytes) -> list[bytes]:
    """Give a record as JSON, and a shorter one without the row."""
    try:
        json.loads(line)
        row = line.strip()
    except (ValueError, RecursionError):
        row = json.dumps(line.decode("utf-8", "replace")).encode()
    head = b'{"time": "' + time.encode() + b'", '
    tail = b'"answer": ' + answer + b"}"
    return [head + b'"row": ' + row + b", " + tail, head + b'"row": null, ' + tail, b"null"]


def slot(number: int, records: list[bytes], size: int) -> bytes:
    """Fill a slot with the first record that fits."""
    room = size - DIGITS - 2
    fitting = next(one for one in records if len(one) <= room)
    return b"%0*d %s\n" % (DIGITS, number, fitting.ljust(room))


def slots(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each whole slot's number and record."""
    for line in content.splitlines():
        number, _, kept = line.partition(b" ")
        if len(number) == DIGITS and number.isdigit():
            yield int(number), kept


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the records, oldest first; a file that is not there holds none."""
    content = path.read_bytes() if path.exists() else b""
    found = []
    for number, kept in sorted(slots(content)):
        try:
            found.append({"number": number} | (json.loads(kept) or {}))
        except ValueError:
            continue
    return found
