"""Main loop on the device: read rows, write predictions, log both."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ...console import UserError, run
from ...project import Project, load
from ...settings import Settings
from ..predictor import Predictor
from .json_lines import BundleSettings, LinePredictor
from .log import Log, read_log

CHUNK_BYTES = 65_536
MAX_LINE_BYTES = 1_048_576


@dataclass(frozen=True)
class DeviceSettings(Settings):
    """Settings of a device; `.env.example` describes each."""

    edge_log: Path = Path("edge.log")


def start(folder: Path, package: str, settings: dict[str, Any], *, log: bool) -> None:
    """Predict standard input, or print the log; exit as every command does."""
    bundle = BundleSettings(**settings)
    run(lambda: print_log(folder) if log else predict_stdin(folder, load(package), bundle))


def print_log(folder: Path) -> None:
    """Print the log as JSON lines, oldest first."""
    for record in read_log(folder / DeviceSettings.read().edge_log):
        print(json.dumps(record))


def predict_stdin(folder: Path, project: Project, bundle: BundleSettings) -> None:
    """Predict standard input until its end."""
    device = DeviceSettings.read()
    predictor = Predictor(folder, project.schema, project.build)
    rows = 0 if device.edge_log == Path("off") else bundle.log_rows
    warn = bool(os.environ.get("EDGE_LOG"))
    log = Log(folder / device.edge_log, rows, bundle.log_row_bytes, warn=warn)
    trained_as_of = predictor.trained_as_of if project.schema.time else None
    expiry = Expiry(trained_as_of, bundle, device.as_of)
    expiry.expired()
    predict(sys.stdin.buffer, sys.stdout.buffer, LinePredictor(predictor, bundle), expiry, log)


def predict(source: Any, sink: Any, predictor: LinePredictor, expiry: "Expiry", log: Log) -> None:
    """Predict each line of a source as soon as it arrives, then log it."""
    number = 0
    for lines in line_groups(source):
        results = predictor.predict(lines, number, expired=expiry.expired())
        sink.write(b"\n".join(results) + b"\n")
        sink.flush()
        log.add(datetime.now(UTC).isoformat(timespec="seconds"), lines, results)
        number += len(lines)


def line_groups(source: Any) -> Iterator[list[bytes]]:
    """Yield the lines of a binary file that have arrived together, without blank ones."""
    rest = b""
    while chunk := source.read1(CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:  # it must not fill the memory, and with NUL it is not JSON
            rest = rest[:MAX_LINE_BYTES] + b"\0"
        if lines := [line for line in lines if line.strip()]:
            yield lines
    if rest.strip():
        yield [rest]


class Expiry:
    """Checks once a day whether the model has expired; `as_of` replaces the clock.

    A model of rows without a time never expires; its `trained_as_of` is None.
    """

    def __init__(
        self, trained_as_of: date | None, settings: BundleSettings, as_of: date | None
    ) -> None:
        self.trained_as_of, self.settings, self.as_of = trained_as_of, settings, as_of
        self.day, self.has_expired = date.min, False

    def expired(self) -> bool:
        """Return whether the model has expired; print a warning when it does.

        Raises:
            UserError: it has expired, and edge.after_expiry is refuse.
        """
        day = self.as_of or date.today()
        if self.trained_as_of and day != self.day:
            self.day, before = day, self.has_expired
            reason = expiry_reason(self.trained_as_of, day, self.settings.max_age_days)
            self.has_expired, action = bool(reason), self.settings.after_expiry
            if reason and action == "refuse":
                raise UserError(f"{reason}; edge.after_expiry: refuse")
            if reason and not before:
                print(f"warning: {reason}; edge.after_expiry: {action}", file=sys.stderr)
        return self.has_expired


def expiry_reason(trained_as_of: date, day: date, max_age_days: int) -> str:
    """Return the reason why the model has expired; empty if it has not.

    A clock set before the training is wrong, so the age is unknown: the model then counts as
    expired.
    """
    age = (day - trained_as_of).days
    if age < 0:
        return f"the day is {day}, before the model's training ({trained_as_of}): set the clock"
    if age > max_age_days:
        return (
            f"the model is {age:,} days old ({trained_as_of} to {day}), "
            f"allowed are {max_age_days:,} (edge.max_age_days)"
        )
    return ""
