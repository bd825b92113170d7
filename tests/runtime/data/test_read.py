from pathlib import Path

import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.read import read_table

from tests.runtime.orders import orders

BAD_FILES = [
    ("orders.csv", b"", "is empty"),
    ("orders.csv", b"a,b\n", "holds no rows"),
    ("orders.csv", b"a,b,a\n1,2,3\n", "column a stands twice"),
    ("orders.csv", b"a,b\n1,2,3\n", "is no readable csv"),
    ("orders.csv", b"a\xff,b\n1,2\n", "is not UTF-8"),
    ("orders.csv", b"a,b\n" + b"1,2\n" * 9000 + b"\xff,2\n", "is no readable csv"),
    ("orders.csv", b'"' + b"x" * 200_000, "is no readable csv"),
    ("orders.parquet", b"", "is no readable parquet"),
    ("orders.parquet", b"PAR1 and nothing more", "is no readable parquet"),
    ("orders.parquet", b"a,b\n1,2\n", "is no readable parquet"),
    ("orders.xlsx", b"PK", r"is a \.xlsx file, allowed are \.parquet, \.csv"),
    ("orders", b"a", r"is a nameless file, allowed are \.parquet, \.csv"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES)
def test_a_bad_file_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=f"{name}:? {message}"):
        read_table(tmp_path / name)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_parquet_file_that_was_cut_off_is_named(tmp_path: Path, kept: float) -> None:
    file = tmp_path / "orders.parquet"
    orders(500).write_parquet(file)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * kept)])
    with pytest.raises(UserError, match=r"orders\.parquet is no readable parquet"):
        read_table(file)


def test_a_parquet_file_whose_pages_are_damaged_is_named(tmp_path: Path) -> None:
    file = tmp_path / "orders.parquet"
    orders(500).write_parquet(file)
    content = bytearray(file.read_bytes())
    content[4:1500] = bytes(1496)
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"orders\.parquet is no readable parquet"):
        read_table(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"orders\.csv is not there"):
        read_table(tmp_path / "orders.csv")


def test_a_message_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(b"a,b\n1,2,3\n")
    with pytest.raises(UserError) as refused:
        read_table(tmp_path / "orders.csv")
    assert len(str(refused.value).splitlines()) == 1


def test_a_parquet_file_with_no_rows_is_refused(tmp_path: Path) -> None:
    orders(1).clear().write_parquet(tmp_path / "orders.parquet")
    with pytest.raises(UserError, match="holds no rows"):
        read_table(tmp_path / "orders.parquet")


def test_the_columns_of_a_csv_stay_texts_and_an_empty_field_is_missing(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes("\ufeffa,b\r\n007,\r\né,2\r\n".encode())
    expected = pl.DataFrame({"a": ["007", "é"], "b": [None, "2"]})
    assert read_table(tmp_path / "orders.csv").equals(expected)
