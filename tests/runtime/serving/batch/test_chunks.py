"""Splitting files into chunks."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.serving.batch.chunks import plan, read_chunk
from modelyard.serving.batch.sources import Source

from tests.runtime.orders import ORDERS, orders

NAMES = ORDERS.names


def chunked(path: Path, rows: int) -> list[pl.DataFrame]:
    """Split a file of orders into chunks, and read them."""
    chunks = plan([Source(path, path.name)], ORDERS, rows, path.parent / "copies")[0].chunks
    return [read_chunk(chunk, NAMES) for chunk in chunks]


CSVS: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: text.removesuffix("\n"),
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: text.replace("A3", '"A\n3"'),
    lambda text: text.replace("A3", '"A""\n""3"').replace("A4", '"4"'),
    lambda text: text.replace("fate", '"fa\nte"'),
    lambda text: text.replace("A9", "é"),
]


@pytest.mark.parametrize("dialect", CSVS)
def test_the_chunks_of_a_csv_are_its_rows_in_every_dialect(
    dialect: Callable[[str], str], tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(dialect(orders(10).write_csv()).encode())
    whole = pl.read_csv(file, infer_schema=False, columns=NAMES)
    chunks = chunked(file, 4)
    assert [chunk.height for chunk in chunks] == [4, 4, 2]
    assert pl.concat(chunks).equals(whole)


@pytest.mark.parametrize("rows", [1, 3, 5, 10, 11])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_row_is_in_one_chunk(rows: int, kind: str, tmp_path: Path) -> None:
    file = tmp_path / f"orders.{kind}"
    orders(10).write_csv(file) if kind == "csv" else orders(10).write_parquet(file)
    chunks = chunked(file, rows)
    assert pl.concat(chunks)["order"].to_list() == orders(10)["order"].to_list()
    assert {chunk.height for chunk in chunks[:-1]} <= {rows}


def test_chunks_are_numbered_across_all_files(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        orders(3).write_csv(tmp_path / name)
    sources = [Source(tmp_path / name, name) for name in ("a.csv", "b.csv")]
    inputs = plan(sources, ORDERS, 2, tmp_path / "copies")
    chunks = [chunk for found in inputs for chunk in found.chunks]
    assert [(chunk.number, chunk.source.name, chunk.start, chunk.rows) for chunk in chunks] == [
        *((0, "a.csv", 0, 2), (1, "a.csv", 2, 1)),
        *((2, "b.csv", 0, 2), (3, "b.csv", 2, 1)),
    ]


BAD: list[tuple[str, bytes, str]] = [
    ("a.csv", b"", "is not valid csv: empty CSV"),
    ("a.csv", b"order,placed\n", "has no rows"),
    (
        "a.csv",
        b"order,placed,order\n1,2,3\n",
        "is not valid csv: line 1: column order occurs twice",
    ),
    ("a.csv", b"order,placed\n1,2\n", "column payment, country, price, weight is missing, found: "),
    ("a.csv", b'order,placed\n1,"2\n', "is not valid csv: line 2: a quote is not closed"),
    ("a.csv", b"or\xffder,placed\n1,2\n", "is not valid csv: 'utf-8' codec can't decode"),
    ("a.csv", b"order,placed\n" + b"1,2\n" * 9000 + b"\xff,2\n", "is not valid csv"),
    ("a.csv", b'"' + b"x" * 200_000, "is not valid csv"),
    ("a.parquet", b"PAR1 and nothing more", "is not valid parquet"),
    ("a.parquet", b"", "is not valid parquet"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD)
def test_a_bad_file_is_named_before_anything_is_scored(
    name: str, content: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=rf"{name}:? {message}"):
        plan([Source(tmp_path / name, name)], ORDERS, 10, tmp_path / "copies")


def test_a_parquet_file_without_rows_is_named(tmp_path: Path) -> None:
    orders(1).clear().write_parquet(tmp_path / "a.parquet")
    with pytest.raises(UserError, match=r"a\.parquet has no rows"):
        chunked(tmp_path / "a.parquet", 10)


def test_a_file_whose_pages_are_damaged_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    orders(500).write_parquet(file)
    content = bytearray(file.read_bytes())
    content[4:1500] = bytes(1496)
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"a\.parquet is not valid parquet"):
        chunked(file, 100)


def test_a_csv_row_with_too_many_fields_is_named(tmp_path: Path) -> None:
    lines = orders(10).write_csv().splitlines()
    lines[8] += ",and,more"
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(UserError, match=r"a\.csv is not valid csv"):
        chunked(tmp_path / "a.csv", 4)


def test_a_file_that_changes_while_it_is_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    orders(10).write_parquet(file)
    chunk = plan([Source(file, "a")], ORDERS, 10, tmp_path)[0].chunks[0]
    orders(5).write_parquet(file)
    with pytest.raises(UserError, match=r"a\.parquet changed while it was read: 5 rows, not 10"):
        read_chunk(chunk, NAMES)
