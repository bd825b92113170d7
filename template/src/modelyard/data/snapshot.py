"""Stage `ingest`: fetch the raw rows and write them unchanged to `data/raw/`."""

import traceback
from datetime import date
from pathlib import Path

import polars as pl

from ..console import UserError, first_line
from ..params import read_params
from ..places import RAW
from ..project import Ingest, Project
from .tables import write_table


def fetch(ingest: Ingest, as_of: date) -> pl.DataFrame:
    """Call the project's `ingest`; report Polars errors with the line number in `ingest.py`.

    Raises:
        UserError: a source file is damaged or lacks a column.
    """
    try:
        return ingest(as_of)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as failure:
        lines = [
            where.lineno
            for where in traceback.extract_tb(failure.__traceback__)
            if Path(where.filename).name == "ingest.py"
        ]
        place = f", line {lines[-1]}" if lines else ""
        raise UserError(f"data/ingest.py{place}: {first_line(failure)}") from None


def main(project: Project) -> None:
    """Write the snapshot as of the day in `params.yaml` (`data.as_of`)."""
    as_of = read_params().data.as_of
    rows = fetch(project.ingest, as_of)
    if not isinstance(rows, pl.DataFrame):
        raise UserError(
            f"data/ingest.py: ingest returns a {type(rows).__name__}, allowed is a Polars DataFrame"
        )
    if not rows.height:
        raise UserError(f"data/ingest.py returned no rows before {as_of} (params.yaml: data.as_of)")
    write_table(RAW, rows)
    print(f"ingest: {rows.height:,} rows before {as_of} -> {RAW}")
