"""Overload: twice the requests that a server can answer; latencies and refused share.

A request has many rows, so that a load generator on the same machine can exceed the capacity.
"""

import tempfile
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.serving.asking import CheckedServer, start_servers
from benchmarks.serving.sides import REST, chosen
from benchmarks.serving.trained import Trained

ROWS, SATURATING, MOST_OPEN, TIMES = 50, 16, 2000, 2
WAITING = 100  # the default of REST_MAX_WAITING


def measure(options: Namespace, project: Trained) -> dict[str, Any]:
    """Overload ours and, if chosen, the bare endpoint, which refuses no request."""
    sides = [side for side in chosen(REST, options.peers) if side.name in ("ours", "bare")]
    found = {}
    for side in sides:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            [server] = start_servers(stack, [side], project, folder, ROWS)
            found[side.name] = overload(server, options.seconds)
    return {"rows": ROWS, "times": TIMES, "waiting": WAITING, "sides": found}


def overload(server: CheckedServer, seconds: float) -> dict[str, Any]:
    """Measure the capacity of a server, then send a multiple of it."""
    server.load(SATURATING, seconds)
    capacity = server.load(SATURATING, 2 * seconds)
    rate = TIMES * capacity["per_s"]
    report = server.load(MOST_OPEN, 4 * seconds, rate)
    sent = report["answered"] + report["refused"]
    keys = ("p50_ms", "p99_ms", "refused_p99_ms", "late_p99_ms")
    found = {
        "capacity_per_s": round(capacity["per_s"], 1),
        "capacity_p99_ms": round(capacity["p99_ms"], 2),
        "due_per_s": round(rate, 1),
        "answered_per_s": round(report["per_s"], 1),
        "refused_share": round(report["refused"] / sent, 4),
    } | {key: None if report[key] is None else round(report[key], 2) for key in keys}
    print(f"overload, {server.name}: {found}", flush=True)
    return found
