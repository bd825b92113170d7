"""What `GET /metrics` tells Prometheus."""

import os
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ...data.violations import Fault
from ...schema.columns import Category
from ...schema.contract import Schema
from .row_reader import Checked

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one server, in a registry of their own so that servers do not mix.

    Args:
        schema: names the columns whose faults and unknown values are counted.
    """

    def __init__(self, schema: Schema) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter("http_requests", "Answers", "method", "path", "status")
        self.rows = self._counter("predicted_rows", "Rows predicted")
        self.ignoring = self._counter("ignored_columns", "Requests with unknown columns")
        self.rejected_values = self._counter("rejected_values", "Broken rules", "column")
        self.unknown = self._counter("unknown_categories", "Values never seen before", "column")
        self.seconds = Histogram(
            "http_request_seconds",
            "From a request's headers to its whole answer",
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
        """Add what tells how the server gets on, request by request and model by model."""
        self.refused = self._counter("refused_requests", "Over REST_MAX_WAITING", "path")
        self.under_way = self._gauge("requests_under_way", "Let in, not yet answered", "path")
        self.swaps = self._counter("model_swaps", "Newer models switched to")
        self.refused_swaps = self._counter("model_swaps_refused", "Newer models refused")
        self.model = self._gauge("model_info", "Processes that serve the version", "version")
        self.age = self._gauge(
            "model_age_seconds", "Since the last training row", mode="livemostrecent"
        )
        self.recorded = self._counter("recorded_rows", "Predictions recorded")
        self.unrecorded = self._counter("unrecorded_rows", "Drawn but not recorded", "reason")
        self.labels = self._counter("feedback_labels", "Labels by their answer", "answer")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str, mode: Any = "livesum") -> Gauge:
        return Gauge(name, text, labels, registry=self.registry, multiprocess_mode=mode)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        key = (method, path, status)
        if key not in self.children:
            self.children[key] = self.requests.labels(*key), self.seconds.labels(path)
        counter, histogram = self.children[key]
        counter.inc()
        histogram.observe(seconds)

    def predicted(self, checked: Checked) -> None:
        """Count predicted rows and what was odd about them."""
        self.rows.inc(len(checked.rows))
        if checked.ignored:
            self.ignoring.inc()
        for name, known in self.known.items():
            strange = sum(row[name] not in known for row in checked.rows)
            if strange:
                self.unknown.labels(name).inc(strange)

    def rejected(self, faults: Iterable[Fault]) -> None:
        """Count faults by their column; a fault of the whole row has an empty one."""
        for fault in faults:
            self.rejected_values.labels(fault.column).inc()

    def serves(self, version: str, age_s: Callable[[], float]) -> None:
        """Say which model is served and how old it is."""
        if self.version:
            self.model.labels(self.version).set(0)
        self.version = version
        self.model.labels(version).set(1)
        self.age_s = age_s

    def text(self) -> bytes:
        """Write all metrics in Prometheus' format; workers add up those of all of them."""
        self.age.set(self.age_s())
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)
        return generate_latest(together)


def age_s(born: date, today: date | None) -> float:
    """Give the seconds since the start of a day, until now or the start of `today`."""
    if today:
        return (today - born).total_seconds()
    return time.time() - datetime.combine(born, datetime.min.time(), UTC).timestamp()
