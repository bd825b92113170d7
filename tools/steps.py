"""Run commands as named steps: progress while they run, the end of their output if they fail."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

TAIL_LINES = 40
REDRAW_S = 0.2
WIDTH = 100
# What our pytest reads from the environment, and a project's must not.
OURS_OF_PYTEST = {"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"}


class StepFailed(Exception):
    """A step failed; the message names it and contains the end of its output."""


@dataclass
class Steps:
    """Steps that run one after the other.

    Attributes:
        screen: the stream for progress; on a terminal the line is redrawn.
        seconds: the duration of each finished step, in the order of their end.
    """

    screen: TextIO = sys.stdout
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, title: str, command: list[str], folder: Path) -> str:
        """Run a command in a folder and return its standard output.

        Raises:
            StepFailed: the exit code is not 0.
        """
        with TemporaryDirectory() as logs:
            out, err = Path(logs, "out"), Path(logs, "err")
            with self.timed(title):
                code = self._watch(title, command, folder, out, err)
            output = out.read_text("utf-8", "replace")
            if code:
                tail = (output + err.read_text("utf-8", "replace")).splitlines()[-TAIL_LINES:]
                reason = f"`{' '.join(command)}` failed with exit code {code}"
                raise StepFailed("\n".join([f"{title}: {reason}", *tail]))
        return output

    @contextmanager
    def timed(self, title: str) -> Iterator[None]:
        """Show that a step runs, then record and show its duration."""
        self._show(title)
        started = time.monotonic()
        yield
        self.seconds[title] = time.monotonic() - started
        self._show(f"{title:<12} {self.seconds[title]:6.1f} s", last=True)

    def _watch(self, title: str, command: list[str], folder: Path, out: Path, err: Path) -> int:
        started = time.monotonic()
        with (
            out.open("wb") as output,
            err.open("wb") as errors,
            subprocess.Popen(
                command, cwd=folder, env=environment(), stdout=output, stderr=errors
            ) as process,
        ):
            try:
                while process.poll() is None:
                    self._redraw(f"{title:<12} {time.monotonic() - started:6.1f} s", out, err)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(REDRAW_S)
            except BaseException:
                process.terminate()
                raise
        return process.returncode

    def _redraw(self, text: str, *logs: Path) -> None:
        if self.screen.isatty():
            self._show(f"{text}  {next(filter(None, map(last_line, logs)), '')}")

    def _show(self, text: str, *, last: bool = False) -> None:
        if self.screen.isatty():
            self.screen.write(f"\r{text[:WIDTH]:<{WIDTH}}" + "\n" * last)
        else:
            self.screen.write(f"{text}\n" if last else f"{text} …\n")
        self.screen.flush()


def last_line(log: Path) -> str:
    """Return the last non-blank line of a log file; empty if there is none."""
    lines = log.read_bytes()[-400:].decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def environment() -> dict[str, str]:
    """Return the environment variables for a generated project, without those of our tools."""
    leaks = {"VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", *OURS_OF_PYTEST}
    leaks |= {name for name in os.environ if name.startswith("PYTEST_XDIST")}
    kept = {name: value for name, value in os.environ.items() if name not in leaks}
    return kept | {"DO_NOT_TRACK": "1", "DVC_NO_ANALYTICS": "1"}
