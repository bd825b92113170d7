"""Record a sample of the predictions for monitoring, without delaying requests."""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from ...console import UserError
from ..records import is_sampled, prediction_lines, tier
from .day_sample import PendingRequest, add, admit, process_lock
from .limits import Limits
from .telemetry import Metrics, log, timestamp

MAX_PENDING_ROWS = 5000
FLUSH_S = 0.2


class Recorder:
    """Collects sampled requests in memory, and writes them in a background thread.

    Rows that are not recorded are counted by reason: `busy` (too many pending rows), `disk`,
    `day_full` (left out for REST_RECORD_MAX_BYTES). Each is logged once until writing succeeds
    again, `day_full` once a day.
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
                self.pending.append(PendingRequest(tier(request_id), now[:10], len(rows), lines))
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
            for day, requests in groupby(pending, key=lambda request: request.day):
                self.write(self.limits.rest_record_dir / day, [*requests])

    def write(self, day: Path, requests: list[PendingRequest]) -> None:
        """Write requests of a day, or drop them with the reason."""
        count = sum(request.rows for request in requests)
        full = f"{day} would exceed REST_RECORD_MAX_BYTES"
        try:
            day.mkdir(parents=True, exist_ok=True)
            with process_lock(self.limits.record_lock_dir / "recording.sqlite"):
                quota = self.limits.rest_record_max_bytes
                parts, left_out = admit(day, self.writer, requests, quota)
                count = sum(content.count(b"\n") for content in parts.values())
                for number, content in parts.items():
                    late = add(day, self.writer, number, bytes(content))
                    self.metrics.recorded.inc((rows := content.count(b"\n")) - late)
                    count, left_out = count - rows, left_out + late
            if left_out:
                self.drop("day_full", left_out, full)
        except (OSError, sqlite3.Error, UserError) as failure:
            reason = getattr(failure, "strerror", None) or failure
            self.drop("disk", count, f"cannot write to {day}: {reason}")
            return
        self.logged &= {full}

    def drop(self, reason: str, count: int, error: str) -> None:
        """Count rows that are not recorded, and log the reason the first time."""
        self.metrics.unrecorded.labels(reason).inc(count)
        if error not in self.logged:
            self.logged.add(error)
            log(event="predictions are not recorded", reason=reason, error=error)

    def close(self) -> None:
        """Write pending requests and stop the thread."""
        self.closing.set()
        if self.thread:
            self.thread.join()
