"""What cannot be drafted is refused in one line that names it."""

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modelyard_lifecycle.draft.names import column_names, find_column
from modelyard_lifecycle.draft.source import open_source
from modelyard_lifecycle.errors import UserError
from tests.lifecycle.draft.tables import ROWS, csv, draft_of, table

NUMBERS = [random.Random(2).uniform(0, i + 1) for i in range(ROWS)]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({}, {"target": "yy"}, "--target is 'yy', the columns are x, y; did you mean y?"),
        ({}, {"key": "id"}, "--key is 'id', the columns are x, y"),
        ({}, {"time": "y"}, "name the same column"),
        ({}, {"time": "x"}, "--time x is a number with 0 missing values, allowed are dates"),
        ({"y": ["a"] * ROWS}, {}, "y has one value only"),
        ({"y": [None] * ROWS}, {}, "y is empty: no row has a value"),
        ({"y": [f"t{i}" for i in range(ROWS)]}, {}, "y has 200 different values, allowed are"),
        ({"y": ["a"] * 197 + ["b"] * 3}, {}, "at least 5 rows, fewer have b (3)"),
        ({"k": [i // 2 for i in range(ROWS)]}, {"key": "k"}, "100 of 200 rows have the value of"),
        ({"k": [None, *"a" * 199]}, {"key": "k"}, "--key k: 1 of 200 rows have no value"),
        ({"x": ["c"] * ROWS}, {}, "no column can be a feature"),
        ({}, {"task": "regression"}, "--task is regression, but y holds texts"),
    ],
)
def test_a_wrong_table_or_option_is_refused(
    tmp_path: Path, columns: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    path = table(tmp_path, **({"x": NUMBERS} | columns))
    with pytest.raises(UserError) as refused:
        draft_of(path, **options)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_line_with_fewer_fields_is_refused_with_its_number(
    tmp_path: Path, separator: str
) -> None:
    lines = [f"{i}{separator}a" for i in range(ROWS)]
    path = csv(tmp_path, f"x{separator}y", [*lines[:5], "7", *lines[5:]])
    with pytest.raises(UserError, match="line 7: 1 fields, the header has 2"):
        draft_of(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"x,y\n1,a\n", "has 1 rows, at least 50 are needed"),
        ("a.csv", bytes(range(256)) * 9, "codec can't decode byte"),
        ("a.parquet", b"PAR1", "a.parquet: "),
        ("a.xlsx", b"", "holds .xlsx, allowed is a file or a folder of files of one kind"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as refused:
        draft_of(tmp_path / name)
    assert message in str(refused.value)


def test_a_folder_holds_files_of_one_kind_with_the_same_columns(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds nothing"):
        open_source(tmp_path)
    table(tmp_path, x=NUMBERS).rename(tmp_path / "a.parquet")
    table(tmp_path, z=NUMBERS).rename(tmp_path / "b.parquet")
    with pytest.raises(UserError, match=r"b\.parquet has the columns z, y, a\.parquet has x, y"):
        draft_of(tmp_path)
    (tmp_path / "c.csv").write_text("x,y\n", "utf-8")
    with pytest.raises(UserError, match=r"holds \.csv, \.parquet, allowed is"):
        open_source(tmp_path)


def test_classes_that_the_oldest_rows_lack_are_named(tmp_path: Path) -> None:
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 7, 18), eager=True)
    path = table(tmp_path, t=days, x=NUMBERS, y=["a"] * 120 + ["b"] * 80)
    with pytest.raises(UserError, match=r"training rows \(120 of the first by t\) have no row of"):
        draft_of(path, time="t")


def test_names_are_plain_unique_and_not_reserved() -> None:
    header = ["Größe (cm)", "class", "score", "copy", "", "Σ", "2nd", "CustomerID", "target", "a",
              "a_duplicated_0"]  # fmt: skip
    assert [*column_names(header, "target").values()] == [
        *("groesse_cm", "class_value", "score_value", "copy_value", "column_5", "column_6"),
        *("n_2nd", "customer_id", "outcome", "a", "a_2"),
    ]


def test_an_option_names_a_column_as_in_the_source_or_in_the_schema() -> None:
    assert find_column("groesse_cm", "--key", ["Größe (cm)", "b"]) == "Größe (cm)"
    with pytest.raises(UserError, match="--key is 'gross'"):
        find_column("gross", "--key", ["Größe (cm)", "b"])
