"""What `GET /metrics` tells Prometheus."""

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from ..columns import Category
from ..contract import Schema
from ..data.faults import Fault

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The counters of one server.

    Args:
        schema: names the columns whose faults and unknown values are counted.
    """

    def __init__(self, schema: Schema) -> None:
        """Make the counters, in a registry of their own so that servers do not mix."""
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "http_requests", "Answered requests", ("method", "path", "status"), registry=registry
        )
        self._seconds = Histogram(
            "http_request_seconds",
            "From headers to answer",
            ("path",),
            registry=registry,
            buckets=BUCKETS_S,
        )
        self._rows = Counter("predicted_rows", "Rows predicted", registry=registry)
        self._rejected = Counter(
            "rejected_values", "Values that broke the schema", ("column",), registry=registry
        )
        self._ignoring = Counter(
            "requests_with_ignored_columns", "Requests with unknown columns", registry=registry
        )
        self._unknown = Counter(
            "unknown_categories", "Values that no training row knew", ("column",), registry=registry
        )
        self._model = Gauge("model_info", "The served model", ("version",), registry=registry)
        self._age = Gauge("model_age_seconds", "Since its rows ended", registry=registry)
        self._open = {
            column.name: frozenset((*column.values, None))
            for column in schema.columns
            if isinstance(column, Category) and column.others
        }
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answered request."""
        key = (method, path, status)
        if key not in self._children:
            counter = self._requests.labels(method, path, status)
            self._children[key] = counter, self._seconds.labels(path)
        counter, histogram = self._children[key]
        counter.inc()
        histogram.observe(seconds)

    def predicted(self, rows: list[Mapping[str, Any]], ignored: Iterable[str]) -> None:
        """Count predicted rows and what was odd about them."""
        self._rows.inc(len(rows))
        if ignored:
            self._ignoring.inc()
        for name, known in self._open.items():
            strange = sum(row[name] not in known for row in rows)
            if strange:
                self._unknown.labels(name).inc(strange)

    def rejected(self, faults: Iterable[Fault]) -> None:
        """Count faults by their column."""
        for fault in faults:
            self._rejected.labels(fault.column).inc()

    def serves(self, version: str, trained_as_of: date, today: date | None) -> None:
        """Say which model is served and how old it is, by the clock or on the day `today`."""
        self._model.labels(version).set(1)
        born = datetime(*trained_as_of.timetuple()[:3], tzinfo=UTC).timestamp()
        frozen = today and datetime(*today.timetuple()[:3], tzinfo=UTC).timestamp()
        self._age.set_function(lambda: (frozen or time.time()) - born)

    def text(self) -> bytes:
        """Write all metrics in Prometheus' format."""
        return generate_latest(self.registry)
