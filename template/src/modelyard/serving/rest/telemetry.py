"""Prometheus metrics of the service, for `GET /metrics`, and its log on standard output."""

import os
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic_core import to_json

from ...schema.columns import Category
from ...schema.contract import Schema
from .body import CheckedRows

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MAX_AGE = re.compile(r"^monitoring:.*(?:\n(?:[ #].*)?)*?\n +max_age_days: *(\d+)", re.MULTILINE)


class Metrics:
    """Metrics of one server, in a registry of their own so that servers do not mix."""

    def __init__(self, schema: Schema) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter("http_requests", "Responses", "method", "path", "status")
        self.rows = self._counter("predicted_rows", "Rows predicted")
        self.ignoring = self._counter("ignored_columns", "Requests with unknown columns")
        self.rejected_values = self._counter("rejected_values", "Schema violations", "column")
        self.unknown = self._counter("unknown_categories", "Values never seen before", "column")
        self.seconds = Histogram(
            "http_request_seconds",
            "From a request's headers to the end of its response",
            ["path"],
            registry=self.registry,
            buckets=BUCKETS_S,
        )
        self.known = {
            column.name: frozenset((*column.values, None))
            for column in schema.columns
            if isinstance(column, Category) and column.others
        }
        self._add_operations()
        self.version = ""
        self.age_s: Callable[[], float] = float
        self.children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def _add_operations(self) -> None:
        """Add the metrics of load, model and records."""
        self.refused = self._counter("refused_requests", "Over REST_MAX_WAITING", "path")
        self.in_progress = self._gauge("requests_under_way", "Requests in progress", "path")
        self.swaps = self._counter("model_swaps", "Switches to a newer model")
        self.refused_swaps = self._counter("model_swaps_refused", "Newer models refused")
        self.model = self._gauge("model_info", "Processes that serve the version", "version")
        self.age = self._gauge(
            "model_age_seconds", "Since the last training row", mode="livemostrecent"
        )
        self.max_age = self._gauge("model_max_age_seconds", "Allowed age", mode="livemax")
        self.max_age.set(read_max_age_s(Path("params.yaml")))
        self.recorded = self._counter("recorded_rows", "Predictions recorded")
        self.unrecorded = self._counter("unrecorded_rows", "Sampled but not recorded", "reason")
        for reason in ("busy", "day_full", "disk"):
            self.unrecorded.labels(reason)  # from 0, so that the first one is an increase
        self.labels = self._counter("feedback_labels", "Labels by outcome", "answer")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str, mode: Any = "livesum") -> Gauge:
        return Gauge(name, text, labels, registry=self.registry, multiprocess_mode=mode)

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request and its duration."""
        key = (method, path, status)
        if key not in self.children:
            self.children[key] = self.requests.labels(*key), self.seconds.labels(path)
        counter, histogram = self.children[key]
        counter.inc()
        histogram.observe(seconds)

    def count_predictions(self, checked: CheckedRows) -> None:
        """Count predicted rows, requests with ignored columns and values of unknown categories."""
        self.rows.inc(len(checked.rows))
        if checked.ignored:
            self.ignoring.inc()
        for name, known in self.known.items():
            unknown = sum(row[name] not in known for row in checked.rows)
            if unknown:
                self.unknown.labels(name).inc(unknown)

    def set_model(self, version: str, age_s: Callable[[], float]) -> None:
        """Set the version and the age of the serving model."""
        if self.version:
            self.model.labels(self.version).set(0)
        self.version = version
        self.model.labels(version).set(1)
        self.age_s = age_s

    def text(self) -> bytes:
        """Return all metrics in Prometheus text format, summed over the workers."""
        self.age.set(self.age_s())
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            return generate_latest(self.registry)
        of_workers = CollectorRegistry()
        MultiProcessCollector(of_workers)
        return generate_latest(of_workers)


def read_max_age_s(path: Path) -> float:
    """Return `monitoring.max_age_days` of a file in seconds, without a YAML library; else 0."""
    found = MAX_AGE.search(path.read_text("utf-8")) if path.is_file() else None
    return 86_400.0 * int(found[1]) if found else 0.0


def age_s(day: date, today: date | None) -> float:
    """Return the seconds from the start of a day to now, or to the start of `today`."""
    if today:
        return (today - day).total_seconds()
    return time.time() - datetime.combine(day, datetime.min.time(), UTC).timestamp()


def log(**fields: Any) -> None:
    """Write the time and some fields as a line of JSON; a full disk does not stop the service."""
    try:
        sys.stdout.buffer.write(to_json({"time": timestamp(time.time()), **fields}) + b"\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return


def timestamp(seconds: float) -> str:
    """Format seconds since 1970 as UTC with milliseconds."""
    whole = int(seconds)
    return f"{format_second(whole)}.{int((seconds - whole) * 1000):03d}Z"


@lru_cache(maxsize=1)
def format_second(seconds: int) -> str:
    """Format whole seconds; the cache saves formatting within the same second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
