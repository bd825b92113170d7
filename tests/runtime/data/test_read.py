from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.data.read import read_table

from tests.runtime.orders import orders

BAD_FILES = [
    ("orders.parquet", b"", "is not valid parquet"),
    ("orders.parquet", b"PAR1 and nothing more", "is not valid parquet"),
    ("orders.parquet", b"a,b\n1,2\n", "is not valid parquet"),
    ("orders.csv", b"a,b\n1,2\n", "is not valid csv"),
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
    with pytest.raises(UserError, match=r"orders\.parquet is not valid parquet"):
        read_table(file)


def test_a_parquet_file_whose_pages_are_damaged_is_named(tmp_path: Path) -> None:
    file = tmp_path / "orders.parquet"
    orders(500).write_parquet(file)
    content = bytearray(file.read_bytes())
    content[4:1500] = bytes(1496)
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"orders\.parquet is not valid parquet"):
        read_table(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"orders\.parquet does not exist"):
        read_table(tmp_path / "orders.parquet")


def test_a_message_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "orders.parquet").write_bytes(b"a,b\n1,2,3\n")
    with pytest.raises(UserError) as refused:
        read_table(tmp_path / "orders.parquet")
    assert len(str(refused.value).splitlines()) == 1


def test_a_parquet_file_with_no_rows_is_refused(tmp_path: Path) -> None:
    orders(1).clear().write_parquet(tmp_path / "orders.parquet")
    with pytest.raises(UserError, match="has no rows"):
        read_table(tmp_path / "orders.parquet")
