"""CSV files are read as in RFC 4180, or refused with the line; no row is lost."""

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelyard.console import UserError
from modelyard.data import read
from modelyard.data.read import read_csv

TEXTS = {"schema_overrides": [pl.String, pl.String]}
BACKSLASH = r'text after a closing quote \(""'
INSIDE = "a quote in a field that does not begin with one"
OPEN = "a quote is not closed"
REFUSED: list[tuple[bytes, int, str]] = [
    (b'a,b\n1,"19\\" x"\n2,y\n', 2, BACKSLASH),
    (b'a,b\n1,"x\\""\n2,"y"\n', 3, BACKSLASH),
    (b'a,b\n1,"x\\""\n', 2, OPEN),
    (b'a,b\n"\\"",2\n3,4\n', 2, OPEN),
    (b'"a\\"x",b\n1,2\n', 1, BACKSLASH),
    (b'a\n1\n"x\\"y"\n', 3, BACKSLASH),
    (b'a,b\n"1\n2",x\n3,"x" y\n', 4, BACKSLASH),
    (b'a,b\n1,5" pipe\n2,6" pipe\n', 2, INSIDE),
    (b'a,b\n1, "x,y"\n', 2, INSIDE),
    (b'a,b\n1,2\n3,x"\n', 3, INSIDE),
    (b'a,b\n1,"2\n3,4\n', 2, OPEN),
    (b"a,b\n1,2\n3,x\0\n", 3, "a NUL character"),
    ("a,b\n1,2\n".encode("utf-16"), 1, "a NUL character"),
    (b"a,b\r1,2\r3,4\r", 1, "a carriage return without a line feed"),
    (b"a,b\n1,x\ry\n", 2, "a carriage return without a line feed"),
    (b"a,b\n1\n3,4\n", 2, "1 fields, the header has 2"),
    (b"a,b\n1,2\n3,4,\n", 3, "3 fields, the header has 2"),
    (b"a,b\n1,2\n\n3,4\n", 3, "1 fields, the header has 2"),
    (b"a,b\n1,2\n  \n", 3, "1 fields, the header has 2"),
    (b"\na,b\n1,2\n", 2, "2 fields, the header has 1"),
    (b"a,b,a\n1,2,3\n", 1, "column a occurs twice"),
]
READ: list[tuple[bytes, list[tuple[str | None, str | None]]]] = [
    (b"a,b\n1,2\n3,4", [("1", "2"), ("3", "4")]),
    (b"a,b\r\n1,2\r\n3,4\r\n", [("1", "2"), ("3", "4")]),
    (b"a,b\n1,2\r\n3,4\n", [("1", "2"), ("3", "4")]),
    (b"a,b\n1,2\n\n", [("1", "2")]),
    (b"a,b\r\n1,2\r\n\r\n\r\n", [("1", "2")]),
    (b'\xef\xbb\xbf"a",b\n1,2\n', [("1", "2")]),
    (b'a,b\n"",\n,""\n1,2\n', [(None, None), (None, None), ("1", "2")]),
    (b'a,b\n"1\n2","x""y"\n"""",","\n', [("1\n2", 'x"y'), ('"', ",")]),
    (b'a,"b\nc"\n1,"2\r3"\n', [("1", "2\r3")]),
    (b'a,b\n"C:\\",2\n', [("C:\\", "2")]),
    (b"a,b\n", []),
]


def written(folder: Path, content: bytes) -> Path:
    (folder / "rows.csv").write_bytes(content)
    return folder / "rows.csv"


@pytest.mark.parametrize("block", [1, 7, 1 << 18])
@pytest.mark.parametrize(("content", "line", "reason"), REFUSED)
def test_a_file_that_is_not_rfc_4180_is_refused_with_its_line(
    content: bytes,
    line: int,
    reason: str,
    block: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "BLOCK", block)
    with pytest.raises(UserError, match=rf"rows\.csv is not valid csv: line {line}: {reason}"):
        read_csv(written(tmp_path, content))


@pytest.mark.parametrize("block", [1, 7, 1 << 18])
@pytest.mark.parametrize(("content", "rows"), READ)
def test_a_file_that_is_rfc_4180_is_read(
    content: bytes,
    rows: list[tuple[str, str]],
    block: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read, "BLOCK", block)
    assert read_csv(written(tmp_path, content), **TEXTS).rows() == rows


def test_a_late_backslash_is_found_in_a_long_file(tmp_path: Path) -> None:
    lines = [b"k,remark", *[b"1,x"] * 100_000]
    lines[1000] = lines[90_000] = b'1,"19\\" x"'
    with pytest.raises(UserError, match=rf"line 1001: {BACKSLASH}"):
        read_csv(written(tmp_path, b"\n".join(lines)))


def test_a_blank_line_of_one_column_is_a_missing_value_except_at_the_end(tmp_path: Path) -> None:
    assert read_csv(written(tmp_path, b"a\n1\n\n2\n\n"))["a"].to_list() == [1, None, 2]


def test_quoted_numbers_are_numbers_and_quoted_nothing_is_missing(tmp_path: Path) -> None:
    table = read_csv(written(tmp_path, b'"a","b"\n"1","2.5"\n"","3"\n"2",""\n'))
    assert table.rows() == [(1, 2.5), (None, 3.0), (2, None)]


def test_a_type_can_be_given(tmp_path: Path) -> None:
    table = read_csv(written(tmp_path, b"a,b\n007,1\n"), schema_overrides={"a": pl.String})
    assert table.rows() == [("007", 1)]


def test_a_missing_and_an_empty_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.csv does not exist"):
        read_csv(tmp_path / "gone.csv")
    with pytest.raises(UserError, match=r"rows\.csv is not valid csv: empty CSV"):
        read_csv(written(tmp_path, b""))


def test_a_row_without_an_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "LONGEST_ROW", 1000)
    monkeypatch.setattr(read, "BLOCK", 100)
    assert read_csv(written(tmp_path, b'a,b\n1,"' + b"x\n" * 400 + b'"\n')).height == 1
    with pytest.raises(UserError, match=r"line 3: over 1,000 bytes"):
        read_csv(written(tmp_path, b'a,b\n1,2\n1,"' + b"x\n" * 5000))


def test_rows_that_polars_loses_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, whole = written(tmp_path, b"a,b\n1,2\n3,4\n"), pl.read_csv
    monkeypatch.setattr(pl, "read_csv", lambda *words, **options: whole(*words, **options).head(1))
    with pytest.raises(UserError, match=r"it has 2 rows, but 1 were read"):
        read_csv(file)


FIELDS = st.text(st.sampled_from('",\\\n a1é'), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(1, 20),
)
def test_what_the_csv_module_writes_is_read(
    rows: list[tuple[str, str]], quoting: Any, end: str, block: int, tmp_path: Path
) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([("a", "b"), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "BLOCK", block)
        found = read_csv(written(tmp_path, text.getvalue().encode()), **TEXTS)
    assert found.rows() == [(one or None, other or None) for one, other in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(text=st.text(st.sampled_from('"",,\\\n\n\r a1'), max_size=30))
def test_any_text_is_refused_or_read_as_by_the_csv_module(text: str, tmp_path: Path) -> None:
    file = written(tmp_path, f"a,b\n{text}".encode())
    try:
        found = read_csv(file, **TEXTS).rows()
    except UserError:
        return
    wanted = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    assert found == [(one or None, other or None) for one, other in wanted]
