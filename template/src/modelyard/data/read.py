"""Read Parquet and CSV files; report missing and damaged ones as user errors.

A CSV file must follow RFC 4180; its rows are counted independently of Polars.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..console import UserError, first_line

BLOCK = 1 << 18  # bytes of a CSV file that are read at a time
LONGEST_ROW = 1 << 24  # bytes
LF, CR, QUOTE, COMMA = b'\n\r",'


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


def count_rows(path: Path) -> tuple[int, int]:
    """Count the rows of a CSV file, and the blank lines after the last one.

    Raises:
        ValueError: it does not follow RFC 4180; the message names the line.
    """
    scan, rest, ends = Scan(), b"\n", b""
    with path.open("rb") as file:
        file.seek(len(BOM_UTF8) * (file.read(len(BOM_UTF8)) == BOM_UTF8))
        while block := file.read(BLOCK):
            content = (ends + block).rstrip(b"\r\n")
            ends = (ends + block)[len(content) :]
            rest = scan.read(rest + content)
    if scan.read(rest + b"\n") != b"\n":
        raise ValueError(f"line {scan.line + 1}: a quote is not closed")
    return scan.rows, max(ends.count(b"\n") - 1, 0)


def check_count(found: int, counted: tuple[int, int]) -> int:
    """Return the number of rows; raise a `ValueError` if Polars has read more or fewer."""
    if found != sum(counted):
        raise ValueError(f"it has {sum(counted)} rows, but {found} were read")
    return counted[0]


class Scan:
    """A pass over a file in pieces, each of which begins with the line end before its first row."""

    line, rows, columns = 0, -1, 0

    def read(self, piece: bytes) -> bytes:
        """Check and count the complete rows of a piece; return the rest, an incomplete row."""
        values = np.frombuffer(piece, np.uint8)
        quotes, lines, commas = (np.flatnonzero(values == byte) for byte in (QUOTE, LF, COMMA))
        ends = unquoted(lines, quotes)
        fields = np.diff(np.searchsorted(unquoted(commas, quotes), ends)) + 1
        self.columns = self.columns or int(fields[:1].sum())
        wrong = np.flatnonzero(fields != self.columns)[:1]
        faults = misplaced(values, quotes) | {
            f"{fields[wrong].sum()} fields, the header has {self.columns}": ends[wrong] + 1,
            f"over {LONGEST_ROW:,} bytes": ends[ends < len(piece) - LONGEST_ROW][-1:] + 1,
        }
        if found := [(places[0], reason) for reason, places in faults.items() if places.size]:
            place, reason = min(found)
            raise ValueError(f"line {self.line + np.searchsorted(lines, place)}: {reason}")
        if self.rows < 0 < fields.size:
            check_header(piece[1 : ends[1]].decode())
        self.rows += fields.size
        self.line += int(np.searchsorted(lines, ends[-1]))
        return piece[ends[-1] :]


def unquoted(places: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Return the places with an even number of quotes before them."""
    return places[np.searchsorted(quotes, places) % 2 == 0] if quotes.size else places


def check_header(text: str) -> None:
    """Raise a `ValueError` if two columns have the same name."""
    header = next(csv.reader([text]), [])
    if twice := [name for name in header if header.count(name) > 1]:
        raise ValueError(f"line 1: column {twice[0]} occurs twice")


def misplaced(values: np.ndarray, quotes: np.ndarray) -> dict[str, np.ndarray]:
    """Return the places of bytes that may not be there, by reason."""
    opening, closing = quotes[::2], quotes[1::2]
    before, after = values[opening - 1], values[(closing + 1) % len(values)]
    returns = unquoted(np.flatnonzero(values[:-1] == CR), quotes)
    borders = [(near == LF) | (near == COMMA) | (near == QUOTE) for near in (before, after)]
    return {
        "a NUL character, as in UTF-16": np.flatnonzero(values == 0),
        "a carriage return without a line feed": returns[values[returns + 1] != LF],
        "a quote in a field that does not begin with one": opening[~borders[0]],
        'text after a closing quote ("" is a quote in a field, not \\")': closing[
            ~borders[1] & (after != CR)
        ],
    }
