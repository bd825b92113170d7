"""Time two commands in turn, so that changes of the machine's speed affect both."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]
# On the path of `python -m modelyard_lifecycle`.
SOURCES = str(Path(__file__).resolve().parents[1] / "src")


@dataclass(frozen=True)
class Cost:
    """Duration of a run in seconds: CPU time (with child processes) and wall time."""

    cpu_s: float
    wall_s: float


def run(command: Command, cwd: Path) -> Cost:
    """Run a command, and return its cost.

    Raises:
        RuntimeError: it failed; the message contains the end of its output.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = SOURCES
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(
            f"{command}: exit {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}"
        )
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return Cost(user + system, wall)


def compare(
    names: tuple[str, str], ours: Callable[[], Cost], other: Callable[[], Cost], runs: int
) -> float:
    """Run both in turn after a warm-up, print a table, and return the median CPU ratio."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(runs)]
    for place, name in enumerate(names):
        cpu = statistics.median(pair[place].cpu_s for pair in pairs)
        wall = statistics.median(pair[place].wall_s for pair in pairs)
        print(f"{name:<40} {cpu:7.2f} s CPU  {wall:7.2f} s wall   median of {runs}")
    ratio = statistics.median(a.cpu_s / b.cpu_s for a, b in pairs)
    print(f"ratio of CPU time, pair by pair, median  {ratio:7.2f}")
    return ratio
