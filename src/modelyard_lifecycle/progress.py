"""Show on stderr what a command is doing, once a step has lasted a second."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from .errors import UserError
from .verbose import is_verbose

OnStep = Callable[[str], None]
AFTER_VARIABLE = "MODELYARD_PROGRESS_S"
AFTER_S = 1.0


def silent(_: str) -> None:
    """Show nothing."""


@contextmanager
def shown_steps(wanted: bool = True) -> Iterator[OnStep]:
    """Yield a function that names the current step of a `with` block.

    A terminal shows the step with a spinner and removes it at the end. Without a terminal each step
    that lasts longer than a second is one line.

    Args:
        wanted: whether to show anything at all; nothing is shown between all output of git.

    Raises:
        UserError: the environment's number of seconds is not a number.
    """
    steps = _Steps(Console(stderr=True, highlight=False), _seconds())
    try:
        yield steps.begin if wanted and not is_verbose() else silent
    finally:
        steps.end()


def _seconds() -> float:
    value = os.environ.get(AFTER_VARIABLE) or str(AFTER_S)
    try:
        return float(value)
    except ValueError as error:
        raise UserError(f"{AFTER_VARIABLE} is {value!r}, must be a number of seconds") from error


class _Steps:
    """The current step, and the timer that shows it."""

    def __init__(self, console: Console, after_s: float) -> None:
        self.console, self.after_s = console, after_s
        self.timer: Timer | None = None
        self.status: Status | None = None

    def begin(self, text: str) -> None:
        """Begin a step; a status that is already visible shows it at once."""
        self.stop_timer()
        if self.status:
            self.status.update(escape(f"{text} …"))
            return
        self.timer = Timer(self.after_s, self.show, [text])
        self.timer.daemon = True
        self.timer.start()

    def show(self, text: str) -> None:
        """Show a step."""
        if self.console.file.isatty():  # FORCE_COLOR makes no terminal of a log
            self.status = self.console.status(escape(f"{text} …"))
            self.status.start()
        else:
            sys.stderr.write(f"{text} …\n")
            sys.stderr.flush()

    def stop_timer(self) -> None:
        """Show the step no more if it is not yet visible."""
        if self.timer:
            self.timer.cancel()
            self.timer.join()
            self.timer = None

    def end(self) -> None:
        """Remove the status."""
        self.stop_timer()
        if self.status:
            self.status.stop()
