"""The header of a CSV: what Polars would read without a word, though it is no table."""

import csv
from pathlib import Path

from ...console import UserError


def check_header(path: Path) -> None:
    """Refuse a CSV that is empty, is not UTF-8, or names a column twice in its header."""
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
