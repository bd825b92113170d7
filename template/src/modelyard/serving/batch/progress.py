"""How far a run is, on one line of standard error."""

import sys
import time
from typing import TextIO

BAR = 24
EVERY_S = 0.2
EVERY_LINE_S = 10.0


class Progress:
    """Draws a bar with rows per second; where nobody watches, a line every ten seconds.

    Args:
        total: rows in all.
        done: rows that an earlier run has scored.
        stream: where to draw.
    """

    def __init__(self, total: int, done: int, stream: TextIO = sys.stderr) -> None:
        """Start the clock."""
        self.total, self.before, self.rows, self.stream = total, done, done, stream
        self.watched = stream.isatty()
        self.start = self.shown = time.perf_counter()

    def add(self, rows: int) -> None:
        """Count rows, and draw if it is time to."""
        self.rows += rows
        now = time.perf_counter()
        last = self.watched and self.rows >= self.total
        if last or now - self.shown >= (EVERY_S if self.watched else EVERY_LINE_S):
            self.shown = now
            self.draw()

    def rate(self) -> float:
        """Give the rows scored in a second."""
        return (self.rows - self.before) / max(time.perf_counter() - self.start, 1e-9)

    def draw(self) -> None:
        """Draw the bar."""
        share = self.rows / self.total
        full = int(share * BAR)
        bar = f"[{'#' * full}{'.' * (BAR - full)}] {share:4.0%}"
        line = f"{bar} {self.rows:,} of {self.total:,} rows, {self.rate():,.0f} rows/s"
        print(f"\r{line}" if self.watched else line, end=self.end(), file=self.stream, flush=True)

    def end(self) -> str:
        """Stay on the line as long as there is more to come."""
        return "" if self.watched and self.rows < self.total else "\n"
