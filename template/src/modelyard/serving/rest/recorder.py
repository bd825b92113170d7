"""Record a sample of the predictions for monitoring, without delaying requests."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ..records import append, is_sampled, prediction_lines
from .limits import Limits
from .log import log, timestamp
from .metrics import Metrics

MAX_PENDING_ROWS = 5000
FLUSH_S = 0.2


class PendingRequest(NamedTuple):
    """A request to be written: its day, its number of rows and the function that formats it."""

    day: str
    rows: int
    lines: Callable[[], bytes]


class Recorder:
    """Collects sampled requests in memory, and writes them in a background thread.

    Rows that cannot be recorded are counted by reason, and each reason is logged once until writing
    succeeds again: `busy` (too many pending rows), `day_full` (REST_RECORD_MAX_BYTES), `disk`.
    """

    def __init__(
        self, limits: Limits, metrics: Metrics, writer: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.limits, self.metrics, self.writer, self.clock = limits, metrics, writer, clock
        self.pending: list[PendingRequest] = []
        self.pending_rows, self.logged = 0, set[str]()
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.closing = threading.Event()
        self.thread: threading.Thread | None = None

    def record(
        self,
        request_id: str,
        model_version: str,
        rows: Sequence[Mapping[str, Any]],
        predictions: Sequence[Mapping[str, Any]],
    ) -> None:
        """Add a request to the pending ones if it is sampled and there are not too many."""
        if not is_sampled(request_id, self.limits.rest_record_share):
            return
        now = timestamp(self.clock())
        lines = partial(prediction_lines, request_id, now, model_version, rows, predictions)
        with self.lock:
            busy = self.pending_rows + len(rows) > MAX_PENDING_ROWS
            if not busy:
                self.pending_rows += len(rows)
                self.pending.append(PendingRequest(now[:10], len(rows), lines))
            if self.thread is None:
                self.thread = threading.Thread(target=self.flush_until_closed, daemon=True)
                self.thread.start()
        if busy:
            self.drop("busy", len(rows), "predictions arrive faster than they can be written")

    def flush_until_closed(self) -> None:
        """Write pending requests at intervals until the recorder is closed."""
        while not self.closing.wait(FLUSH_S):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write all requests that are pending; return when they are written."""
        with self.writing:
            with self.lock:
                pending, self.pending, self.pending_rows = self.pending, [], 0
            by_day: dict[str, list[PendingRequest]] = {}
            for request in pending:
                by_day.setdefault(request.day, []).append(request)
            for day, requests in by_day.items():
                self.write(self.limits.rest_record_dir / day, requests)

    def write(self, day: Path, requests: list[PendingRequest]) -> None:
        """Write requests of a day, or drop them with the reason."""
        count = sum(request.rows for request in requests)
        content = b"".join(request.lines() for request in requests)
        try:
            if size(day) + len(content) > self.limits.rest_record_max_bytes:
                self.drop("day_full", count, f"{day} has reached REST_RECORD_MAX_BYTES")
                return
            append(day / f"predictions-{self.writer}.jsonl", content)
        except OSError as failure:
            self.drop("disk", count, f"cannot write to {day}: {failure.strerror or failure}")
            return
        self.logged.clear()
        self.metrics.recorded.inc(count)

    def drop(self, reason: str, count: int, error: str) -> None:
        """Count rows that are not recorded, and log the reason the first time."""
        self.metrics.unrecorded.labels(reason).inc(count)
        if reason not in self.logged:
            self.logged.add(reason)
            log(event="predictions are not recorded", reason=reason, error=error)

    def close(self) -> None:
        """Write pending requests and stop the thread."""
        self.closing.set()
        if self.thread:
            self.thread.join()


def size(day: Path) -> int:
    """Return the size of a day's predictions in bytes, of all processes."""
    return sum(path.stat().st_size for path in day.glob("predictions-*.jsonl"))
