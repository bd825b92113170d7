"""Run the drafted files on all rows, before any of them is written to the project."""

import runpy
import tempfile
from contextlib import chdir
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from modelyard.console import UserError as RuntimeUserError
from modelyard.data.prepare import clean, split
from modelyard.data.validate import judge
from modelyard.data.violations import summarize
from modelyard.schema.contract import Schema

from ..errors import UserError
from .columns import Notes
from .source import Source

MOST_REJECTED = 0.01  # as in params.yaml: data.max_rejected_share
LATE = date(9999, 1, 1)


@dataclass(frozen=True)
class Verified:
    """The ingested rows, those of them that are valid, and the schema."""

    rows: pl.DataFrame
    good: pl.DataFrame
    schema: Schema


def verify(schema: str, ingest: str, source: Source, place: str, notes: Notes) -> Verified:
    """Run the drafted `ingest` on the source, and validate all rows by the drafted schema.

    Args:
        schema: content of `schema.py`.
        ingest: content of `data/ingest.py`.
        source: the files.
        place: where `ingest` expects them.
        notes: gets the number of rows that the schema rejects.

    Raises:
        UserError: the source cannot be converted.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.py").write_text(schema, "utf-8")
        (folder / "ingest.py").write_text(ingest, "utf-8")
        (folder / place).parent.mkdir(parents=True)
        (folder / place).symlink_to(source.path.resolve(), target_is_directory=source.is_folder)
        found: Schema = runpy.run_path(str(folder / "schema.py"))["SCHEMA"]
        try:
            with chdir(folder):
                rows = runpy.run_path("ingest.py")["ingest"](LATE)
        except (pl.exceptions.PolarsError, RuntimeUserError) as failed:
            raise UserError(f"{source.path}: {str(failed).splitlines()[0]}") from failed
    verdict = judge(rows, found)
    if verdict.rejected.height:
        counted = f"{verdict.rejected.height:,} of {rows.height:,} rows cannot be used"
        message = f"{counted}: {summarize(verdict.faults).strip()}"
        if verdict.rejected.height > MOST_REJECTED * rows.height:
            raise UserError(f"{source.path}: {message}; allowed are {MOST_REJECTED:.0%}")
        notes.append(message)
    return Verified(rows, verdict.good, found)


def check_split(found: Verified, validation: float, test: float) -> None:
    """Check that all parts have rows, and that the training rows have each class.

    Raises:
        UserError: they have not; the message names the classes.
    """
    try:
        parts = split(
            clean(found.good, found.schema), found.schema, validation=validation, test=test
        )
    except RuntimeUserError as failed:
        raise UserError(str(failed)) from failed
    target = found.schema.target
    train = parts["train"]
    lost = [one for one in target.values if one not in {*train[target.name]}]
    if lost:
        order = f"by {found.schema.time}" if found.schema.time else "by a hash of the key"
        raise UserError(
            f"the training rows ({train.height:,} of the first {order}) have no row of the "
            f"class {', '.join(lost)}; merge or remove these classes, or split otherwise"
        )
