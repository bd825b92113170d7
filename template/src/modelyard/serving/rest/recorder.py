"""A sample of the predictions is kept for the monitors, never in the way of a request."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..records import append, drawn, prediction_lines
from .limits import Limits
from .log import log, timestamp
from .metrics import Metrics

MOST_WAITING_ROWS = 5000
FLUSH_S = 0.2


class Answered(NamedTuple):
    """A request that waits to be written: its day, its number of rows, what makes its lines."""

    day: str
    rows: int
    lines: Callable[[], bytes]


class Recorder:
    """Keeps drawn requests in memory, and writes them from a thread of its own.

    What cannot be kept is counted by its reason, and each reason is logged once until it is gone:
    `busy` (too much waits), `day_full` (REST_RECORD_MAX_BYTES), `disk`.

    Args:
        limits: which share is drawn, where it is kept, how much of it.
        metrics: where rows are counted.
        writer: a name that no other process has.
        clock: tells the seconds since 1970.
    """

    def __init__(
        self, limits: Limits, metrics: Metrics, writer: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.limits, self.metrics, self.writer, self.clock = limits, metrics, writer, clock
        self.waiting: list[Answered] = []
        self.waiting_rows, self.told = 0, set[str]()
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.closing = threading.Event()
        self.thread: threading.Thread | None = None

    def keep(
        self,
        request_id: str,
        model_version: str,
        rows: Sequence[Mapping[str, Any]],
        predictions: Sequence[Mapping[str, Any]],
    ) -> None:
        """Keep an answered request, if it is drawn and not too much waits."""
        if not drawn(request_id, self.limits.rest_record_share):
            return
        now = timestamp(self.clock())
        lines = partial(prediction_lines, request_id, now, model_version, rows, predictions)
        with self.lock:
            busy = self.waiting_rows + len(rows) > MOST_WAITING_ROWS
            if not busy:
                self.waiting_rows += len(rows)
                self.waiting.append(Answered(now[:10], len(rows), lines))
            if self.thread is None:
                self.thread = threading.Thread(target=self.write_all, daemon=True)
                self.thread.start()
        if busy:
            self.lose("busy", len(rows), "more was predicted than could be written")

    def write_all(self) -> None:
        """Write what waits, again and again, until closed."""
        while not self.closing.wait(FLUSH_S):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what waits; when this returns, all that was kept before has been written."""
        with self.writing:
            with self.lock:
                waiting, self.waiting, self.waiting_rows = self.waiting, [], 0
            by_day: dict[str, list[Answered]] = {}
            for answered in waiting:
                by_day.setdefault(answered.day, []).append(answered)
            for day, requests in by_day.items():
                self.write(self.limits.rest_record_dir / day, requests)

    def write(self, day: Path, requests: list[Answered]) -> None:
        """Write requests of a day, or count why not."""
        count = sum(request.rows for request in requests)
        content = b"".join(request.lines() for request in requests)
        try:
            if size(day) + len(content) > self.limits.rest_record_max_bytes:
                self.lose("day_full", count, f"{day} holds all that REST_RECORD_MAX_BYTES allows")
                return
            append(day / f"predictions-{self.writer}.jsonl", content)
        except OSError as failure:
            self.lose("disk", count, f"cannot write to {day}: {failure.strerror or failure}")
            return
        self.told.clear()
        self.metrics.recorded.inc(count)

    def lose(self, reason: str, count: int, error: str) -> None:
        """Count rows that are not kept, and say so the first time."""
        self.metrics.unrecorded.labels(reason).inc(count)
        if reason not in self.told:
            self.told.add(reason)
            log(event="predictions are not recorded", reason=reason, error=error)

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self.closing.set()
        if self.thread:
            self.thread.join()


def size(day: Path) -> int:
    """Add up the bytes of a day's predictions, of all processes."""
    return sum(path.stat().st_size for path in day.glob("predictions-*.jsonl"))
