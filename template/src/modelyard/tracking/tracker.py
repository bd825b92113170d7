"""What a training tells a tracker, and what happens when the tracker fails.

A tracker that cannot start stops the training, since nothing is lost yet. One that fails later
is given up with a single warning: no hour of training is thrown away for want of a log.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from ..console import UserError


class Tracker(Protocol):
    """What a training can record while it runs."""

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Record how far a trial has grown, and its training loss there."""

    def metrics(self, values: dict[str, float]) -> None:
        """Record what the run reached in the end, metric name to value."""


class Run(Tracker, Protocol):
    """An open run of a tracking library."""

    def end(self, failed: bool) -> None:
        """Close the run and mark it as finished or failed."""


class Reported:
    """Prints progress, and passes all on to a run until that fails."""

    def __init__(self, name: str, run: Run) -> None:
        self.name, self.run, self.lost = name, run, False

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Print one line, then record it."""
        print(f"trial {trial}, {rounds} rounds: loss {loss:.4f}", flush=True)
        self._attempt(self.run.progress, trial, rounds, loss)

    def metrics(self, values: dict[str, float]) -> None:
        """Record the run's final metrics."""
        self._attempt(self.run.metrics, values)

    def end(self, failed: bool) -> None:
        """Close the run."""
        self._attempt(self.run.end, failed)

    def _attempt(self, record: Callable[..., None], *values: Any) -> None:
        if self.lost:
            return
        try:
            record(*values)
        except Exception as failure:
            self.lost = True
            told = f"{self.name} recorded the run only up to here ({reason(failure)})"
            print(f"warning: {told}; the training goes on", file=sys.stderr, flush=True)


@contextmanager
def recording(name: str, start: Callable[[], Run], remedy: str = "") -> Iterator[Tracker]:
    """Hold a run open, and mark it as failed if the block raises.

    Args:
        name: what messages call the tracker.
        start: opens the run.
        remedy: what the reader can do if that fails.

    Raises:
        UserError: the run cannot be opened; what the block raises is passed on.
    """
    try:
        tracker = Reported(name, start())
    except Exception as failure:
        told = f"{name} cannot record this run: {reason(failure)}"
        raise UserError(f"{told}; {remedy}" if remedy else told) from failure
    try:
        yield tracker
    except BaseException:
        tracker.end(failed=True)
        raise
    tracker.end(failed=False)


def set_defaults(environment: Mapping[str, str]) -> None:
    """Set variables that are absent or empty; what the user has set, stays."""
    for name, value in environment.items():
        os.environ[name] = os.environ.get(name) or value


def reason(failure: Exception) -> str:
    """Give the first line of what a failure says, without the password of an address in it."""
    said = str(failure).strip().splitlines() or [type(failure).__name__]
    return re.sub(r"(?<=//)[^/@\s]+@", "", said[0]).rstrip(".")
