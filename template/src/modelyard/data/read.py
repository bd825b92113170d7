"""Tables in Parquet files, read with clear errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ..console import UserError


def read_table(path: Path) -> pl.DataFrame:
    """Read a Parquet file.

    Raises:
        UserError: the file is not there, is damaged or holds no rows.
    """
    with readable(path):
        table = pl.read_parquet(path)
    if not table.height:
        raise UserError(f"{path} holds no rows")
    return table


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Let Polars read a file, and say what is wrong with the file if it cannot.

    Raises:
        UserError: the file is not there or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there")
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as failure:
        raise UserError(f"{path} is no readable {path.suffix[1:]}: {first_line(failure)}") from None


def first_line(failure: BaseException) -> str:
    """Take the first line of an error that goes on for many."""
    return str(failure).strip().splitlines()[0]
