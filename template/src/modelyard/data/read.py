"""Tables as they arrive: Parquet and CSV files, read with clear errors."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ..console import UserError

KINDS = (".parquet", ".csv")


def read_table(path: Path) -> pl.DataFrame:
    """Read a Parquet or CSV file; a CSV's columns stay texts, its empty fields are missing.

    Raises:
        UserError: the file is not there, is empty or damaged, names a column twice, or is of
            another kind.
    """
    with readable(path):
        table = pl.read_parquet(path) if path.suffix == ".parquet" else read_csv(path)
    if not table.height:
        raise UserError(f"{path} holds no rows")
    return table


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Let Polars read a file, and say what is wrong with the file if it cannot.

    Raises:
        UserError: the file is not there, is damaged, or is neither Parquet nor CSV.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there")
    if path.suffix not in KINDS:
        raise UserError(f"{path} is a {path.suffix or 'nameless'} file, allowed are .parquet, .csv")
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as failure:
        raise UserError(f"{path} is no readable {path.suffix[1:]}: {first_line(failure)}") from None


def read_csv(path: Path) -> pl.DataFrame:
    """Read a CSV with a header as texts.

    Raises:
        UserError: it is empty, is not UTF-8, or its header names a column twice.
    """
    csv_header(path)
    return pl.read_csv(path, infer_schema=False)


def csv_header(path: Path) -> list[str]:
    """Read the names of a CSV's columns.

    Raises:
        UserError: it is empty, is not UTF-8, or its header names a column twice.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError as failure:
        raise UserError(f"{path} is not UTF-8: {failure.reason}") from None
    except csv.Error as failure:
        raise UserError(f"{path} is no readable csv: {failure}") from None
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or not header:
        raise UserError(f"{path}: column {twice[0]} stands twice" if twice else f"{path} is empty")
    return header


def first_line(failure: BaseException) -> str:
    """Take the first line of an error that goes on for many."""
    return str(failure).strip().splitlines()[0]
