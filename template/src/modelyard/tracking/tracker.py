"""Record a run in the experiment tracker that `pyproject.toml` selects.

If a tracker cannot start, the training stops at once. If it fails later, a single warning is
printed, and the training continues without it.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ..choices import read_choices
from ..console import UserError, first_line


class FailsafeTracker:
    """Print progress, and pass it on to a library's `Run`, which has the same methods.

    After its first failure nothing is passed on.
    """

    def __init__(self, name: str, run: Any) -> None:
        self.name, self.run, self.failed = name, run, False

    def progress(self, trial: int, rounds: int, loss: float) -> None:
        """Print and record the training loss of a trial after some boosting rounds."""
        print(f"trial {trial}, {rounds} rounds: loss {loss:.4f}", flush=True)
        self._attempt(self.run.progress, trial, rounds, loss)

    def metrics(self, values: dict[str, float]) -> None:
        """Record the final metrics of the run, name to value."""
        self._attempt(self.run.metrics, values)

    def end(self, failed: bool) -> None:
        """End the run and mark it as finished or failed."""
        self._attempt(self.run.end, failed)

    def _attempt(self, record: Callable[..., None], *values: Any) -> None:
        if self.failed:
            return
        try:
            record(*values)
        except Exception as error:
            self.failed = True
            message = f"{self.name} failed ({error_line(error)}); the training continues without it"
            print(f"warning: {message}", file=sys.stderr, flush=True)


@contextmanager
def start_run(name: str, params: dict[str, Any]) -> Iterator[FailsafeTracker]:
    """Record a run, including its settings, and mark it as failed if the block raises.

    Raises:
        UserError: the run cannot be started.
    """
    library = read_choices().tracker
    backend = import_module(f"{__package__}.{library}")
    try:
        tracker = FailsafeTracker(library, backend.Run(name, params))
    except Exception as error:
        message = f"{library} cannot record this run: {error_line(error)}"
        remedy = backend.remedy()
        raise UserError(f"{message}; {remedy}" if remedy else message) from error
    try:
        yield tracker
    except BaseException:
        tracker.end(failed=True)
        raise
    tracker.end(failed=False)


def set_defaults(environment: Mapping[str, str]) -> None:
    """Set environment variables that are unset or empty."""
    for name, value in environment.items():
        os.environ[name] = os.environ.get(name) or value


def error_line(error: Exception) -> str:
    """Return the first line of an exception's message, without passwords in URLs."""
    return re.sub(r"(?<=//)[^/@\s]+@", "", first_line(error)).rstrip(".")
