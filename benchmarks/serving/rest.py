"""Requests of one row: a project's REST service and other servers, measured in turns."""

import tempfile
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.serving import overload
from benchmarks.serving.asking import CheckedServer, start_servers
from benchmarks.serving.sides import REST, chosen
from benchmarks.serving.spread import spread
from benchmarks.serving.trained import Trained

WARM_S = 0.5
Round = dict[str, dict[str, Any]]


def measure(options: Namespace, project: Trained) -> dict[str, Any]:
    """Measure the chosen sides, which must return the same predictions."""
    sides = chosen(REST, options.peers)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = start_servers(stack, sides, project, folder, rows=1)
        loads = {str(n): compare(servers, n, options) for n in options.connections}
        memory = {one.name: round(one.server.memory_mb(), 1) for one in servers}
    return {
        "sides": {
            side.name: {"memory_mb": memory[side.name]}
            | {connections: load[side.name] for connections, load in loads.items()}
            for side in sides
        },
        "overload": overload.measure(options, project),
    }


def compare(servers: list[CheckedServer], connections: int, options: Namespace) -> dict[str, Any]:
    """Load all servers in turns; return the results and the ratios to ours for each."""
    for one in servers:
        one.load(connections, WARM_S)
    rounds = [
        {one.name: one.load(connections, options.seconds) for one in servers}
        for _ in range(options.rounds)
    ]
    print(f"rest, {connections} connection(s)")
    return {one.name: aggregate(rounds, one.name) for one in servers}


def aggregate(rounds: list[Round], name: str) -> dict[str, Any]:
    """Aggregate the rounds of a side: its own results, and ours divided by them."""
    found: dict[str, Any] = {
        key: spread(one[name][key] for one in rounds) for key in ("per_s", "p50_ms", "p99_ms")
    }
    ratios: dict[str, Callable[[Round], float]] = {
        "ours_throughput": lambda one: one["ours"]["per_s"] / one[name]["per_s"],
        "ours_p50": lambda one: one["ours"]["p50_ms"] / one[name]["p50_ms"],
    }
    found |= {key: spread(map(ratio, rounds)) for key, ratio in ratios.items()}
    text = f"{found['per_s']['median']:8,.0f}/s  p50 {found['p50_ms']['median']:.2f} ms"
    print(f"  {name:<14} {text}  ours {found['ours_throughput']['median']:.2f} times", flush=True)
    return found
