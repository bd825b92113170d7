"""Index of the records by request, so that a label finds its prediction without a search.

It is derived from the records: each use adds the lines written since, and it may be deleted.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..records import LABELS, Key, days, file_lines, file_size, parse_line, prediction_files

TABLES = """
PRAGMA synchronous=OFF;
CREATE TABLE IF NOT EXISTS files (day TEXT, name TEXT, bytes INTEGER, PRIMARY KEY (day, name));
CREATE TABLE IF NOT EXISTS rows (request_id TEXT, row INTEGER, day TEXT, time TEXT, label TEXT,
    PRIMARY KEY (request_id, row, day)) WITHOUT ROWID;
"""
ADD = """INSERT INTO rows VALUES (?, ?, ?, ?, ?) ON CONFLICT (request_id, row, day) DO UPDATE
    SET time = coalesce(time, excluded.time), label = coalesce(label, excluded.label)"""
FIND = """SELECT day, time, coalesce(label, 'null') FROM rows
    WHERE request_id = ? AND row = ? AND time IS NOT NULL ORDER BY day DESC LIMIT 1"""
Found = tuple[Path, str, Any]


def find(folder: Path, wanted: Iterable[Key], recent: str, place: Path) -> dict[Key, Found]:
    """Return day folder, time and stored label of each prediction found, of the newest day.

    `recent` is the first day in which predictions may still be added, `place` the folder of the
    index, whose lock the caller holds.
    """
    path = place / "index.sqlite"
    try:
        with closing(sqlite3.connect(path)) as index, index:
            index.executescript(TABLES)
            add_new(index, folder, recent)
            found = {key: index.execute(FIND, key).fetchone() for key in wanted}
            for day in {row[0] for row in found.values() if row}:
                add_day(index, folder / day)  # labels that another process has added
            rows = [(key, index.execute(FIND, key).fetchone()) for key in found]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # damaged by a power failure
        path.unlink()
        return find(folder, wanted, recent, place)
    return {key: (folder / row[0], row[1], json.loads(row[2])) for key, row in rows if row}


def add_new(index: sqlite3.Connection, folder: Path, recent: str) -> None:
    """Add new lines of recent days, and new days; forget deleted ones."""
    found = {day.name for day in days(folder)}
    known = {name for (name,) in index.execute("SELECT DISTINCT day FROM files")}
    for name in known - found:
        forget(index, name)
    for name in found:
        if name >= recent or name not in known:
            add_day(index, folder / name)


def add_day(index: sqlite3.Connection, day: Path) -> None:
    """Add new lines of a day; start again if a file was deleted or became shorter."""
    files = [*prediction_files(day), *day.glob(LABELS)]
    sizes = {path.name: file_size(path) for path in files}
    read = dict(index.execute("SELECT name, bytes FROM files WHERE day = ?", (day.name,)))
    if any(sizes.get(name, 0) < size for name, size in read.items()):
        forget(index, day.name)
        read = {}
    for name, size in sizes.items():
        if size > (start := read.get(name, 0)):
            lines = file_lines([day / name], start)
            whole = [text for text in lines if text.endswith(b"\n")]
            index.executemany(ADD, entries(whole, day.name))
            end = start + sum(map(len, whole))
            index.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (day.name, name, end))


def entries(lines: Iterable[bytes], day: str) -> Iterator[tuple[str, int, str, str | None, Any]]:
    """Return an entry for each valid line: a time for a prediction, a label for a label."""
    for text in lines:
        match parse_line(text):
            case {"request_id": str(name), "row": int(row), "time": str(time), **rest}:
                if name.isascii() and time.isascii() and row < 2**31:
                    is_label = "label" in rest
                    label = json.dumps(rest["label"]) if is_label else None
                    yield name, row, day, None if is_label else time, label


def forget(index: sqlite3.Connection, day: str) -> None:
    """Remove a day."""
    for table in ("files", "rows"):
        index.execute(f"DELETE FROM {table} WHERE day = ?", (day,))
