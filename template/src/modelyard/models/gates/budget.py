"""Checks of size and latency; latency as a multiple of a reference computation on this machine."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from ...params_sections import Budget
from ...schema.columns import Rows
from ..scorer import Scorer
from .check import Check

ROUNDS = 31
MANY = 1000


def budget_checks(scorer: Scorer, size: int, rows: Rows, limits: Budget) -> list[Check]:
    """Return the checks of the size, and of the latency of one and of many rows.

    The limits of the latency are for two scores a row; for more classes they are in proportion.
    """
    share = max(1.0, len(scorer.target.values) / 2)  # the time of trees grows with the classes
    one, many = repeat_rows(rows, 1), repeat_rows(rows, MANY)
    row = time_ratio(lambda: scorer.predict(one), reference_work)
    thousand = time_ratio(lambda: scorer.predict(many), reference_work)
    return [
        Check.of("budget: bytes", size, limits.bytes, size <= limits.bytes),
        time_check("budget: time of a row", row, share * limits.row),
        time_check("budget: time of 1,000 rows", thousand, share * limits.thousand_rows),
    ]


def time_check(name: str, value: float, limit: float) -> Check:
    """Return the check of a latency."""
    return Check.of(name, value, limit, value <= limit, stable=False)


def repeat_rows(rows: Rows, count: int) -> Rows:
    """Return `count` rows, repeated if there are fewer."""
    return {name: np.resize(values, count) for name, values in rows.items()}


def time_ratio(task: Callable[[], object], reference: Callable[[], object]) -> float:
    """Time a task and a reference alternately; return the ratio of their median times.

    A slow machine slows down both; short disturbances are excluded, as only the faster half of the
    times counts.
    """
    task(), reference()
    times = [(time_call(task), time_call(reference)) for _ in range(ROUNDS)]
    return lower_half_median([a for a, _ in times]) / lower_half_median([b for _, b in times])


def lower_half_median(times: list[float]) -> float:
    """Return the median of the lower half of the times."""
    return median(sorted(times)[: (len(times) + 1) // 2])


def time_call(task: Callable[[], object]) -> float:
    """Return the duration of a call in seconds."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def reference_work() -> float:
    """Run the reference computation in Python and NumPy; it takes about a millisecond."""
    numbers = np.arange(20_000, dtype=np.float64)
    return float(np.sort(np.sin(numbers)).sum()) + sum(number * number for number in range(5_000))
