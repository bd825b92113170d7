"""What a model may cost: bytes, and time as a multiple of a fixed piece of work of this machine."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from ...gate_params import Budget
from ...schema.columns import Rows
from ..scorer import Scorer
from .check import Check

ROUNDS = 31
MANY = 1000


def budget(scorer: Scorer, size: int, rows: Rows, asked: Budget) -> list[Check]:
    """Ask for a size and for two times."""
    one, many = repeated(rows, 1), repeated(rows, MANY)
    row = ratio(lambda: scorer.predict(one), work)
    thousand = ratio(lambda: scorer.predict(many), work)
    return [
        Check.of("budget: bytes", size, asked.bytes, size <= asked.bytes),
        at_most("budget: time of a row", row, asked.row),
        at_most("budget: time of 1,000 rows", thousand, asked.thousand_rows),
    ]


def at_most(name: str, value: float, limit: float) -> Check:
    """Ask for a time."""
    return Check.of(name, value, limit, value <= limit, steady=False)


def repeated(rows: Rows, count: int) -> Rows:
    """Take so many rows, over and over if there are fewer."""
    return {name: np.resize(values, count) for name, values in rows.items()}


def ratio(task: Callable[[], object], yardstick: Callable[[], object]) -> float:
    """Time a task and a yardstick in turns; divide the median of one by that of the other.

    What slows the machine down for long slows both; of what disturbs it for a moment the lower
    half of the times knows nothing, and only that half counts.
    """
    task(), yardstick()
    times = [(seconds(task), seconds(yardstick)) for _ in range(ROUNDS)]
    return undisturbed([one for one, _ in times]) / undisturbed([other for _, other in times])


def undisturbed(times: list[float]) -> float:
    """Give the median of the lower half."""
    return median(sorted(times)[: (len(times) + 1) // 2])


def seconds(task: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def work() -> float:
    """Do a fixed piece of work, of Python's and of NumPy's kind: a millisecond or so."""
    numbers = np.arange(20_000, dtype=np.float64)
    return float(np.sort(np.sin(numbers)).sum()) + sum(number * number for number in range(5_000))
