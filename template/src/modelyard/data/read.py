"""Read Parquet files; report missing and damaged ones as user errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ..console import UserError


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


@contextmanager
def explain_read_errors(path: Path) -> Iterator[None]:
    """Translate Polars errors while reading a file into user errors.

    Raises:
        UserError: the file does not exist or is damaged.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist")
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as failure:
        raise UserError(f"{path} is not valid {path.suffix[1:]}: {first_line(failure)}") from None


def first_line(failure: BaseException) -> str:
    """Return the first line of an error message."""
    return str(failure).strip().splitlines()[0]
