"""Read Parquet and CSV files; report missing and damaged ones as user errors."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from ..console import UserError, first_line
from .csv_rows import check_count, count_rows


def read_table(path: Path) -> pl.DataFrame:
    """Read a Parquet file.

    Raises:
        UserError: the file does not exist, is damaged or has no rows.
    """
    with explain_read_errors(path):
        table = pl.read_parquet(path)
    if not table.height:
        raise UserError(f"{path} has no rows")
    return table


def read_csv(path: Path, **options: Any) -> pl.DataFrame:
    """Read a CSV file as in RFC 4180 with options of `pl.read_csv`; empty fields are missing.

    Raises:
        UserError: the file does not exist, or a line is not valid.
    """
    options = {"infer_schema_length": None, "null_values": "", "glob": False} | options
    with explain_read_errors(path):
        counted = count_rows(path)
        table = pl.read_csv(path, **options)
        return table.head(check_count(table.height, counted))


@contextmanager
def explain_read_errors(path: Path) -> Iterator[None]:
    """Translate errors while reading a file into user errors.

    Raises:
        UserError: the file does not exist or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist")
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, csv.Error) as bad:
        raise UserError(f"{path} is not valid {path.suffix[1:]}: {first_line(bad)}") from None
