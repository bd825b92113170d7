"""`POST /feedback`: what became of predictions, kept beside their records."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from starlette.types import Receive, Scope, Send

from ..records import Key, append, find, label_line, read_labels
from .body import receive_body
from .errors import Refusal, json_response
from .label_reader import label_reader
from .log import timestamp
from .recorder import FLUSH_S
from .service import Service

Answer = Literal["kept", "known", "unknown", "late", "contradictory"]
DAY_S = 86_400
PATIENCE_S = 10.0


class Feedback:
    """An ASGI application that takes labels, some at a time; predictions need not wait for it."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.time) -> None:
        self.service, self.limits, self.clock = service, service.limits, clock
        self.reader = label_reader(service.schema.target, self.limits.rest_max_rows)
        self.thread = ThreadPoolExecutor(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            labels = self.reader.read(await receive_body(scope, receive, self.limits))
            loop = asyncio.get_running_loop()
            answers = await loop.run_in_executor(self.thread, self.keep, labels)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        for answer, count in Counter(answers).items():
            self.service.metrics.labels.labels(answer).inc(count)
        shown = [
            {"request_id": label.request_id, "row": label.row, "answer": answer}
            for label, answer in zip(labels, answers, strict=True)
        ]
        await json_response(200, {"answers": shown})(scope, receive, send)

    def keep(self, labels: list[Any]) -> list[Answer]:
        """Keep what is new while no other process does, and answer each label.

        Raises:
            Refusal: 507 if the disk refuses, 503 if other processes keep labels all the time.
        """
        self.service.recorder.flush()
        if self.limits.rest_workers > 1:
            time.sleep(2 * FLUSH_S)  # until the other workers have written what they answered
        folder = self.limits.rest_record_dir
        if not folder.is_dir():
            return ["unknown"] * len(labels)
        try:
            with alone(folder / "lock.sqlite"):
                return judge_and_keep(folder, labels, self.clock(), self.limits.rest_feedback_days)
        except sqlite3.OperationalError as failure:
            status = 503 if "locked" in str(failure) else 507
            raise Refusal(status, f"the labels were not kept: {failure}") from None
        except OSError as failure:
            reason = failure.strerror or failure
            raise Refusal(507, f"not all labels were kept: {reason}; send them again") from None


def judge_and_keep(
    folder: Path, labels: Iterable[Any], now: float, most_days: float
) -> list[Answer]:
    """Answer each label, and write those that are new.

    Args:
        folder: of the records.
        labels: each with `request_id`, `row` and `label`.
        now: in seconds since 1970.
        most_days: how old a prediction may be.

    Raises:
        OSError: the disk refused.
    """
    named = [((label.request_id, label.row), label.label) for label in labels]
    found = find(folder, [key for key, _ in named])
    given: dict[Key, Any] = {}
    for day in {day for day, _ in found.values()}:
        given |= read_labels(day)
    answers, lines = list[Answer](), dict[Path, bytes]()
    for key, label in named:
        day, born = found.get(key, (folder, ""))
        answers.append(judge(label, given.get(key), now - seconds(born), most_days * DAY_S))
        if answers[-1] == "kept":
            given[key] = label
            lines[day] = lines.get(day, b"") + label_line(key, timestamp(now), label)
    for day, content in lines.items():
        append(day / "labels.jsonl", content)
    return answers


def judge(label: Any, given: Any, age_s: float, most_s: float) -> Answer:
    """Answer a label.

    Args:
        label: what is said now.
        given: what was said before; None if nothing was.
        age_s: of the prediction; infinite if it is not recorded.
        most_s: how old it may be.
    """
    if given is not None:
        return "known" if given == label else "contradictory"
    if age_s == float("inf"):
        return "unknown"
    return "late" if age_s > most_s else "kept"


def seconds(time: str) -> float:
    """Turn a record's time into seconds since 1970; without one it is infinitely long ago."""
    return datetime.fromisoformat(time).timestamp() if time else -float("inf")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock among processes, which also a crash gives back.

    Raises:
        sqlite3.OperationalError: others held it for too long, or the disk refused.
    """
    lock = sqlite3.connect(path, PATIENCE_S, isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
        yield
    finally:
        lock.close()
