"""A batch reads a CSV file as in RFC 4180, or refuses it; files without rows are skipped."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError


def parts(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))]


@pytest.fixture
def lines(table: pl.DataFrame) -> list[str]:
    """The lines of a CSV file of the rows, with a column that is ignored."""
    return table.with_columns(remark=pl.lit("x")).write_csv().splitlines()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Function that writes lines to a CSV file, and returns its path."""

    def writing(lines: list[str], name: str = "rows.csv") -> Path:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("\n".join(lines) + "\n", "utf-8", newline="")
        return tmp_path / name

    return writing


@pytest.mark.parametrize("places", [(5, 40), (1, 50), (50,)])
def test_a_quote_behind_a_backslash_is_refused_and_nothing_is_published(
    places: tuple[int, ...], lines: list[str], write: Any, run: Any, tmp_path: Path
) -> None:
    for place in places:
        lines[place] = lines[place].removesuffix("x") + '"19\\" x"'
    with pytest.raises(UserError, match=rf"rows\.csv is not valid csv: line {places[0] + 1}: "):
        run(write(lines))
    assert not list((tmp_path / "out").glob("*.*t"))


def test_a_doubled_quote_is_read(lines: list[str], write: Any, run: Any, parquet: Path) -> None:
    lines[5] = lines[5].removesuffix("x") + '"19"" x"'
    assert parts(run(write(lines))) == parts(run(parquet, "other"))


def test_a_short_row_is_refused_and_not_scored_as_missing(
    lines: list[str], write: Any, run: Any
) -> None:
    lines[7] = lines[7].rpartition(",")[0]
    with pytest.raises(UserError, match=r"rows\.csv is not valid csv: line 8: \d+ fields, the"):
        run(write(lines))


def test_blank_lines_at_the_end_are_no_rows(
    lines: list[str], write: Any, run: Any, parquet: Path
) -> None:
    out = run(write([*lines, "", ""]))
    assert parts(out) == parts(run(parquet, "other"))
    assert json.loads((out / "manifest.json").read_text("utf-8"))["rows_in"] == 50


def test_quoted_fields_are_the_same_as_unquoted_ones_also_when_empty(
    table: pl.DataFrame, run: Any, tmp_path: Path
) -> None:
    optional = [column.name for column in SCHEMA.columns if not column.required]
    assert optional, "the schema has no optional column"
    first = pl.int_range(pl.len()) % 2 == 0
    gaps = table.with_columns(pl.when(~first).then(name).alias(name) for name in optional)
    gaps.write_csv(tmp_path / "plain.csv")
    with (tmp_path / "quoted.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.reader((tmp_path / "plain.csv").open(encoding="utf-8", newline=""))
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    gaps.write_parquet(tmp_path / "gaps.parquet")
    expected = parts(run(tmp_path / "gaps.parquet", "parquet"))
    for name in ("plain.csv", "quoted.csv"):
        out = run(tmp_path / name, name.removesuffix(".csv"))
        assert json.loads((out / "manifest.json").read_text("utf-8"))["rejected"] == 0
        assert parts(out) == expected


def test_an_empty_required_field_is_missing(lines: list[str], write: Any, run: Any) -> None:
    place = lines[0].split(",").index(SCHEMA.key)
    fields = lines[3].split(",")
    fields[place] = '""'
    lines[3] = ",".join(fields)
    rejected = pl.read_parquet(run(write(lines)) / "rejected.parquet")
    assert rejected.select("row", "column", "found").rows() == [(2, SCHEMA.key, None)]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_without_rows_among_others_is_skipped_with_a_note(
    kind: str, table: pl.DataFrame, run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    for name, rows in {"a": table.clear(), "b": table, "c": pl.DataFrame({"x": []})}.items():
        file = tmp_path / "in" / f"{name}.{kind}"
        rows.write_csv(file) if kind == "csv" else rows.write_parquet(file)
    out = run(tmp_path / "in")
    inputs = json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]
    assert [one["rows"] for one in inputs] == [0, 50, 0]
    assert f"skipped files without rows: a.{kind}, c.{kind}\n" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_of_which_none_has_rows_are_refused(
    kind: str, table: pl.DataFrame, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        file, rows = tmp_path / "in" / f"{name}.{kind}", table.clear()
        rows.write_csv(file) if kind == "csv" else rows.write_parquet(file)
    with pytest.raises(UserError, match=rf"a\.{kind} has no rows, as every file of the input"):
        run(tmp_path / "in")


def test_a_time_zone_is_refused_with_the_name_of_the_file(
    table: pl.DataFrame, run: Any, tmp_path: Path
) -> None:
    assert SCHEMA.time, "the schema has no time"
    time = pl.col(SCHEMA.time)
    time = time.str.to_datetime() if table.schema[SCHEMA.time] == pl.String else time
    table.with_columns(time.dt.replace_time_zone("UTC")).write_parquet(tmp_path / "zoned.parquet")
    with pytest.raises(UserError, match=rf"zoned\.parquet: column {SCHEMA.time} has the time zone"):
        run(tmp_path / "zoned.parquet")
