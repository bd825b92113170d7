"""`POST /feedback`: store the true labels of predictions beside their records."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from starlette.types import Receive, Scope, Send

from ..records import Key, append, is_sampled, label_line
from .body import label_reader, receive_body
from .day_sample import process_lock
from .index import find
from .recorder import FLUSH_S
from .responses import RequestError, json_response
from .service import Service
from .telemetry import timestamp

Outcome = Literal["kept", "known", "unknown", "late", "contradictory"]
DAY_S = 86_400


class Feedback:
    """ASGI application that stores labels in a thread, so that predictions do not wait for it."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.time) -> None:
        self.service, self.limits, self.clock = service, service.limits, clock
        self.reader = label_reader(service.schema.target, self.limits.rest_max_rows)
        self.folder, self.place = self.limits.rest_record_dir, self.limits.record_lock_dir
        self.writer = service.recorder.writer
        self.turn = asyncio.Lock()
        self.waiting: list[Any] = []
        self.batch: asyncio.Task[list[Outcome]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        try:
            labels = self.reader.read(await receive_body(scope, receive, self.limits))
            outcomes = await self.outcomes(labels)
        except RequestError as error:
            await error.response()(scope, receive, send)
            return
        for outcome, count in Counter(outcomes).items():
            self.service.metrics.labels.labels(outcome).inc(count)
        answers = [
            {"request_id": label.request_id, "row": label.row, "answer": outcome}
            for label, outcome in zip(labels, outcomes, strict=True)
        ]
        await json_response(200, {"answers": answers})(scope, receive, send)

    async def outcomes(self, labels: list[Any]) -> list[Outcome]:
        """Store labels together with those of the requests that wait; return their outcomes."""
        if not self.waiting:
            self.batch = asyncio.create_task(self.store_waiting())
        start = len(self.waiting)
        self.waiting += labels
        outcomes = await asyncio.shield(self.batch)  # others need it if this client disconnects
        return outcomes[start : start + len(labels)]

    async def store_waiting(self) -> list[Outcome]:
        """Store all labels that wait, in a thread; an error reaches all their requests."""
        async with self.turn:
            labels, self.waiting = self.waiting, []
            return await asyncio.to_thread(self.store, labels)

    def store(self, labels: list[Any]) -> list[Outcome]:
        """Store new labels under a lock between processes; return the outcome of each label.

        Other workers, and other machines that share the folder, may still have to write a
        prediction: an unknown one of the sample is looked for again when they must have.
        """
        self.service.recorder.flush()
        first, share = self.store_recorded(labels), self.limits.rest_record_share
        unknown = (label for label, one in zip(labels, first, strict=True) if one == "unknown")
        is_alone = not self.limits.shares_records and self.limits.rest_workers == 1
        if is_alone or not any(is_sampled(label.request_id, share) for label in unknown):
            return first
        time.sleep(2 * FLUSH_S)
        second = self.store_recorded(labels)
        return [two if one == "unknown" else one for one, two in zip(first, second, strict=True)]

    def store_recorded(self, labels: list[Any]) -> list[Outcome]:
        """Store the new labels of predictions that are written; 503 or 507 if that fails."""
        if not self.folder.is_dir():
            return ["unknown"] * len(labels)
        try:
            with process_lock(self.place / "lock.sqlite"):
                return store_new(self, labels, self.clock(), self.limits.rest_feedback_days)
        except sqlite3.OperationalError as failure:
            status = 503 if "locked" in str(failure) else 507
            raise RequestError(status, f"cannot store the labels: {failure}") from None
        except OSError as failure:
            text = f"cannot store all labels: {failure.strerror or failure}; send them again"
            raise RequestError(507, text) from None


def store_new(into: Feedback, labels: Iterable[Any], now: float, max_days: float) -> list[Outcome]:
    """Write the labels that are new at the time `now`, seconds since 1970; return the outcomes."""
    keyed = [((label.request_id, label.row), label.label) for label in labels]
    wanted, recent = [key for key, _ in keyed], timestamp(now - DAY_S)[:10]
    found = find(into.folder, wanted, recent, into.place)
    known: dict[Key, Any] = {key: label for key, (*_, label) in found.items()}
    outcomes, lines = list[Outcome](), dict[Path, bytes]()
    for key, label in keyed:
        if key not in found:
            outcomes.append("unknown")
            continue
        day, predicted_at, _ = found[key]
        age_s = now - datetime.fromisoformat(predicted_at).timestamp()
        outcomes.append(outcome_of(label, known[key], age_s, max_days * DAY_S))
        if outcomes[-1] == "kept":
            known[key] = label
            lines[day] = lines.get(day, b"") + label_line(key, timestamp(now), label)
    for day, content in lines.items():
        append(day / f"labels-{into.writer}.jsonl", content)
    return outcomes


def outcome_of(label: Any, known: Any, age_s: float, max_age_s: float) -> Outcome:
    """Decide what to do with a label, given the stored one and the age of the prediction."""
    if known is not None:
        return "known" if known == label else "contradictory"
    return "late" if age_s > max_age_s else "kept"
