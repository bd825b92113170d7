"""Twice the requests that a server can answer: how long the answered wait, how many are refused.

A request has many rows, so that a load generator on the same machine can send more than is taken.
"""

import tempfile
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.serving.asking import Asked, started
from benchmarks.serving.sides import REST, chosen
from benchmarks.serving.trained import Trained

ROWS, SATURATING, MOST_OPEN, TIMES = 50, 16, 2000, 2
WAITING = 100  # the default of REST_MAX_WAITING


def measured(options: Namespace, project: Trained) -> dict[str, Any]:
    """Overload ours and, if it was chosen, the bare endpoint, which refuses nobody."""
    sides = [side for side in chosen(REST, options.peers) if side.name in ("ours", "bare")]
    found = {}
    for side in sides:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            [asked] = started(stack, [side], project, folder, ROWS)
            found[side.name] = overloaded(asked, options.seconds)
    return {"rows": ROWS, "times": TIMES, "waiting": WAITING, "sides": found}


def overloaded(asked: Asked, seconds: float) -> dict[str, Any]:
    """Find what a server can answer, then send so many times as much."""
    asked.load(SATURATING, seconds)
    capacity = asked.load(SATURATING, 2 * seconds)
    rate = TIMES * capacity["per_s"]
    told = asked.load(MOST_OPEN, 4 * seconds, rate)
    sent = told["answered"] + told["refused"]
    keys = ("p50_ms", "p99_ms", "refused_p99_ms", "late_p99_ms")
    found = {
        "capacity_per_s": round(capacity["per_s"], 1),
        "capacity_p99_ms": round(capacity["p99_ms"], 2),
        "due_per_s": round(rate, 1),
        "answered_per_s": round(told["per_s"], 1),
        "refused_share": round(told["refused"] / sent, 4),
    } | {key: None if told[key] is None else round(told[key], 2) for key in keys}
    print(f"overload, {asked.name}: {found}", flush=True)
    return found
