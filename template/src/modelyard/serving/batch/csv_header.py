"""Check the header of a CSV file for errors that Polars ignores."""

import csv
from pathlib import Path

from ...console import UserError


def check_header(path: Path) -> None:
    """Raise a `UserError` if a CSV file is empty, is not UTF-8 or has a duplicate column."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError as failure:
        raise UserError(f"{path} is not UTF-8: {failure.reason}") from None
    except csv.Error as failure:
        raise UserError(f"{path} is not valid csv: {failure}") from None
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or not header:
        raise UserError(f"{path}: column {twice[0]} occurs twice" if twice else f"{path} is empty")
