"""The source of the rows: CSV or Parquet, a file or a folder of them, read with all rows."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from modelyard.data.read import count_rows

from ..errors import UserError

SUFFIXES = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet"}
SEPARATORS = (",", ";", "\t", "|")
LINES = 50  # by which the separator is chosen
BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """Files of one format.

    Args:
        path: the file, or the folder of the files.
        files: the files in order of their names.
        suffix: `.csv`, `.tsv`, `.txt` or `.parquet`.
        separator: of the fields of a CSV file.
        encoding: of a CSV file, a name that Python knows.
        strict: whether `modelyard.data.read.read_csv` reads it: RFC 4180 in UTF-8.
    """

    path: Path
    files: tuple[Path, ...]
    suffix: str
    separator: str = ","
    encoding: str = "utf8"
    strict: bool = False

    @property
    def is_csv(self) -> bool:
        """Whether the files are text."""
        return SUFFIXES[self.suffix.lower()] == "csv"

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder."""
        return self.files != (self.path,)

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.stat().st_size for file in self.files)

    def options(self) -> dict[str, Any]:
        """Return the options of `pl.read_csv` that differ from its defaults."""
        found = {"separator": self.separator, "encoding": self.encoding}
        usual = {"separator": ",", "encoding": "utf8"}
        changed = {name: value for name, value in found.items() if value != usual[name]}
        return {"infer_schema": False} | changed

    def read(self) -> pl.DataFrame:
        """Read all rows; the fields of CSV files are texts.

        Raises:
            UserError: a file is damaged, or the files have different columns.
        """
        tables = [self._read(file) for file in self.files]
        for file, table in zip(self.files, tables, strict=True):
            if table.columns != tables[0].columns:
                raise UserError(
                    f"{file.name} has the columns {', '.join(table.columns)}, "
                    f"{self.files[0].name} has {', '.join(tables[0].columns)}"
                )
        with _explained(self.path):
            return pl.concat(tables, how="vertical_relaxed")

    def _read(self, file: Path) -> pl.DataFrame:
        with _explained(file):
            if not self.is_csv:
                return pl.read_parquet(file)
            table = pl.read_csv(file, glob=False, **self.options())
        counted = _count(file, self)
        if table.height != counted:
            raise UserError(f"{file} has {counted} rows, but {table.height} were read")
        return table


def open_source(path: Path) -> Source:
    """Find the files of a source, and the separator and the encoding of CSV files.

    Raises:
        UserError: there is no such file, or it is of another format.
    """
    if not path.exists():
        raise UserError(f"{path} does not exist")
    inside = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    files = [one for one in inside if one.suffix.lower() in SUFFIXES and one.name[0] != "."]
    kinds = {one.suffix for one in files}
    if len(kinds) != 1:
        found = ", ".join(sorted(kinds or {one.suffix or one.name for one in inside})) or "nothing"
        raise UserError(
            f"{path} holds {found}, allowed is a file or a folder of files of one kind: "
            + ", ".join(SUFFIXES)
        )
    source = Source(path, tuple(files), kinds.pop())
    if not source.is_csv:
        return source
    with _explained(path):
        return _with_dialect(source)


def _with_dialect(source: Source) -> Source:
    """Return a source of CSV files with their separator and encoding."""
    file = source.files[0]
    encoding = _encoding(file)
    with file.open(encoding="utf-8-sig" if encoding == "utf8" else encoding, newline="") as text:
        lines = list(islice(text, LINES))
    if not lines:
        raise UserError(f"{file} is empty")
    separator = max(SEPARATORS, key=lambda one: _fields(lines, one))
    header = next(csv.reader(lines, delimiter=separator))
    plain = (separator, encoding) == (",", "utf8") and len({*header}) == len(header)
    return replace(source, separator=separator, encoding=encoding, strict=plain)


def _fields(lines: list[str], separator: str) -> tuple[int, int]:
    """Return how many lines have as many fields as the header, above 1, and that number."""
    counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    width = counts[0]
    return (counts.count(width), width) if width > 1 else (0, 1)


def _encoding(file: Path) -> str:
    """Return the encoding of a text file: UTF-8, UTF-16 with a mark, or else Windows-1252."""
    with file.open("rb") as binary:
        if binary.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    try:
        with file.open(encoding="utf-8") as text:
            while text.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf8"


def _count(file: Path, source: Source) -> int:
    """Count the rows of a CSV file independently of Polars.

    Raises:
        UserError: a row has more or fewer fields than the header; the message names its line.
    """
    if source.strict:
        with _explained(file):
            return sum(count_rows(file))
    encoding = "utf-8-sig" if source.encoding == "utf8" else source.encoding
    with file.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=source.separator)
        width, rows = len(next(reader)), 0
        for row in reader:
            if len(row) != width and not (width == 1 and not row):
                raise UserError(
                    f"{file}, line {reader.line_num}: {len(row)} fields, the header has {width}"
                )
            rows += 1
    return rows


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Convert the errors of reading into a user error of one line."""
    try:
        yield
    except (pl.exceptions.PolarsError, ValueError, csv.Error) as failed:
        raise UserError(f"{path}: {str(failed).splitlines()[0]}") from failed
