"""Ring log of the latest predictions, in a file of limited size with a slot for each row.

A slot is a line: a running number of 12 digits, the record as JSON, blanks up to the slot's size.
A power failure damages one slot at most, which is skipped when the log is read.
"""

import json
import sys
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

DIGITS = 12


class Log:
    """Keeps the latest records; an error of the file is never raised.

    Args:
        path: file of the log.
        rows: number of records to keep; 0 disables the log.
        row_bytes: size of a slot; of a longer record only the prediction is kept, or nothing.
        warn: whether to print a warning when the file cannot be written.
    """

    def __init__(self, path: Path, rows: int, row_bytes: int, *, warn: bool) -> None:
        self.path, self.rows, self.row_bytes, self.warn = path, rows, row_bytes, warn
        self.file: FileIO | None = None
        self.next = 0

    def add(self, time: str, lines: list[bytes], results: list[bytes]) -> None:
        """Log lines with their results; an error disables the log."""
        if not self.rows:
            return
        try:
            self.file = self.file or self.open()
            self.next += max(0, len(lines) - self.rows)
            for line, result in zip(lines[-self.rows :], results[-self.rows :], strict=True):
                self.file.seek(self.next % self.rows * self.row_bytes)
                self.file.write(slot(self.next, record(time, line, result), self.row_bytes))
                self.next += 1
        except OSError as failure:
            self.rows = 0
            if self.warn:
                print(f"warning: cannot write {self.path}: {failure.strerror}", file=sys.stderr)

    def open(self) -> FileIO:
        """Open the file and find the next number; a log of other sizes is overwritten."""
        content = self.path.read_bytes() if self.path.exists() else b""
        fits = content.find(b"\n") == self.row_bytes - 1
        fits = fits and len(content) <= self.rows * self.row_bytes
        self.next = max((number for number, _ in slots(content)), default=-1) + 1 if fits else 0
        return FileIO(self.path, "r+" if fits else "w+")


def record(time: str, line: bytes, result: bytes) -> list[bytes]:
    """Return a record as JSON, a shorter one without the row, and an empty one."""
    try:
        json.loads(line)
        row = line.strip()
    except (ValueError, RecursionError):
        row = json.dumps(line.decode("utf-8", "replace")).encode()
    head = b'{"time": "' + time.encode() + b'", '
    tail = b'"answer": ' + result + b"}"
    return [head + b'"row": ' + row + b", " + tail, head + b'"row": null, ' + tail, b"null"]


def slot(number: int, records: list[bytes], size: int) -> bytes:
    """Format a slot with the first record that fits."""
    room = size - DIGITS - 2
    fitting = next(record for record in records if len(record) <= room)
    return b"%0*d %s\n" % (DIGITS, number, fitting.ljust(room))


def slots(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and record of each complete slot."""
    for line in content.split(b"\n"):
        number, _, text = line.partition(b" ")
        if len(number) == DIGITS and number.isdigit():
            yield int(number), text


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the records, oldest first; a missing file has none."""
    content = path.read_bytes() if path.exists() else b""
    found = []
    for number, text in sorted(slots(content)):
        try:
            found.append({"number": number} | (json.loads(text) or {}))
        except ValueError:
            continue
    return found
