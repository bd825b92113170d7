"""The loop on the device: lines in, answers out, and what was answered into the log."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from ...console import UserError, run
from ...project import Project, load
from ...settings import Settings
from ..predictor import Predictor
from .bundle_settings import Terms, overdue
from .json_lines import Answers
from .log import Log, read_log

CHUNK_BYTES = 65_536
LONGEST_LINE_BYTES = 1_048_576


@dataclass(frozen=True)
class Device(Settings):
    """The settings of a device; `.env.example` says what each is for."""

    edge_log: Path = Path("edge.log")


def start(folder: Path, package: str, terms: dict[str, Any], *, log: bool) -> None:
    """Answer rows, or print the log; end as every command does."""
    run(lambda: print_log(folder) if log else serve(folder, load(package), Terms(**terms)))


def print_log(folder: Path) -> None:
    """Print what was logged as JSON lines, oldest first."""
    for record in read_log(folder / Device.read().edge_log):
        print(json.dumps(record))


def serve(folder: Path, project: Project, terms: Terms) -> None:
    """Answer standard input until its end.

    Raises:
        UserError: a setting is wrong, or the model is past its time and the terms say: refuse.
    """
    settings = Device.read()
    predictor = Predictor(folder, project.schema, project.build)
    told = bool(os.environ.get("EDGE_LOG"))
    kept = 0 if settings.edge_log == Path("off") else terms.log_rows
    log = Log(folder / settings.edge_log, kept, terms.log_row_bytes, told=told)
    watch = Watch(predictor.trained_as_of, terms, settings.as_of)
    watch.expired()
    answer(sys.stdin.buffer, sys.stdout.buffer, Answers(predictor, terms), watch, log)


def answer(source: Any, sink: BinaryIO, answers: Answers, watch: "Watch", log: Log) -> None:
    """Answer each line of a source as soon as it is there; then log it."""
    number = 0
    for lines in line_groups(source):
        found = answers.to(lines, number, expired=watch.expired())
        sink.write(b"\n".join(found) + b"\n")
        sink.flush()
        log.add(datetime.now(UTC).isoformat(timespec="seconds"), lines, found)
        number += len(lines)


def line_groups(source: Any) -> Iterator[list[bytes]]:
    """Give the lines that have arrived together, without blank ones.

    Args:
        source: a binary file with `read1`.
    """
    rest = b""
    while chunk := source.read1(CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[:LONGEST_LINE_BYTES]  # what is longer is no row, and may not fill the memory
        if lines := [line for line in lines if line.strip()]:
            yield lines
    if rest.strip():
        yield [rest]


class Watch:
    """Tells whether the model is past its time, day by day.

    Args:
        trained_as_of: the day up to which the training rows were known.
        terms: say how old it may become, and what then.
        as_of: the day it is; None asks the clock.
    """

    def __init__(self, trained_as_of: date, terms: Terms, as_of: date | None) -> None:
        self.trained_as_of, self.terms, self.as_of = trained_as_of, terms, as_of
        self.day, self.late = date.min, False

    def expired(self) -> bool:
        """Tell it for today; on a day on which it becomes so, say it on standard error.

        Raises:
            UserError: it is, and the terms say: refuse.
        """
        day = self.as_of or date.today()
        if day != self.day:
            self.day, before = day, self.late
            why = overdue(self.trained_as_of, day, self.terms.max_age_days)
            self.late = bool(why)
            if why and self.terms.after_expiry == "refuse":
                raise UserError(f"{why}; edge.after_expiry: refuse")
            if why and not before:
                said = f"warning: {why}; edge.after_expiry: {self.terms.after_expiry}"
                print(said, file=sys.stderr)
        return self.late
