"""The kind, the range and the values of a column follow from its values."""

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from modelyard_lifecycle.draft.plan import order_classes, widen
from tests.lifecycle.draft.tables import ROWS, csv, draft_of, table

CHANCE = random.Random(1)
NUMBERS = [*(round(CHANCE.uniform(1, 99), 3) for _ in range(ROWS - 2)), 1.0, 99.0]
DAYS = [f"2024-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(ROWS)]


def line_of(path: Path, name: str, target: str = "y", **options: Any) -> str:
    """Return a column's line of the drafted schema."""
    lines = draft_of(path, target, **options).schema.splitlines()
    return next(line.strip() for line in lines if f'("{name}", ' in line)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (NUMBERS, 'Number("x", "DRAFT: x", min=0, max=148),'),
        ([None, *NUMBERS[1:]], 'Number("x", "DRAFT: x", required=False, min=0, max=148),'),
        ([-v for v in NUMBERS], 'Number("x", "DRAFT: x", min=-148, max=0),'),
        ([i % 2 for i in range(ROWS)], 'Category("x", "DRAFT: x", values=VALUES["x"]),'),
        ([i % 3 for i in range(ROWS)], 'Integer("x", "DRAFT: x", min=0, max=3),'),
        ([i % 3 == 0 for i in range(ROWS)], 'Boolean("x", "DRAFT: x"),'),
        ([[True, False, None][i % 3] for i in range(ROWS)], 'Boolean("x", "DRAFT: x", required='),
        (["True", "FALSE"] * 100, 'Boolean("x", "DRAFT: x"),'),
        ([i * 2**53 for i in range(ROWS)], 'Number("x", '),
        (["no", "yes"] * 100, 'Category("x", "DRAFT: x", values=VALUES["x"]),'),
        (["a"] * 99 + ["b"] * 99 + ["c", "d"], 'VALUES["x"], others=True),'),
        ([f"text {i}" for i in range(ROWS)], 'Text("x", "DRAFT: x", max_length=20),'),
        ([f"0{i}" for i in range(ROWS)], 'Text("x", "DRAFT: x", max_length=10),'),
        (DAYS, 'Date("x", "DRAFT: x", required=False),'),
        ([date(2024, 1, 1 + i % 28) for i in range(ROWS)], 'Date("x", "DRAFT: x", required='),
        ([datetime(2024, 1, 1 + i % 28) for i in range(ROWS)], 'Date("x", "DRAFT: x", req'),
        ([datetime(2024, 1, 1 + i % 28, 7) for i in range(ROWS)], 'Timestamp("x", "DRAFT: x", req'),
        ([f"2024-05-01T{i % 24:02}:00:00+02:00" for i in range(ROWS)], "utc=True"),
        ([datetime(2024, 5, 1, i % 24, tzinfo=UTC) for i in range(ROWS)], "utc=True"),
        ([f"{v}".replace(".", ",") for v in NUMBERS], "min=0, max=148),"),
        ([f"${v * 1000:,.2f}" for v in NUMBERS], "min=0, max=148000),"),
        ([f"{v} %" for v in NUMBERS], "min=0, max=148),"),
        (["unknown", *map(str, NUMBERS[1:])], "required=False, min=0, max=148),"),
    ],
)
def test_a_column_has_the_kind_of_its_values(tmp_path: Path, values: Any, expected: str) -> None:
    path = table(tmp_path, x=values, other=NUMBERS[::-1])
    assert expected in line_of(path, "x")


@pytest.mark.parametrize("name", ["customer_type", "zip_code", "status"])
def test_whole_numbers_with_the_name_of_a_code_are_a_category(tmp_path: Path, name: str) -> None:
    path = table(tmp_path, **{name: [i % 5 for i in range(ROWS)], "x": NUMBERS})
    assert line_of(path, name).startswith("Category(")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("%d.%m.%Y", "%d.%m.%Y"),
        ("%m/%d/%Y", "%m/%d/%Y"),
        ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M"),
        ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
        ("%Y-%m-%dT%H:%M:%S+0000", "%Y-%m-%dT%H:%M:%S%#z"),
        ("%Y%m%d", "%Y%m%d"),
    ],
)
def test_dates_are_read_in_their_format(tmp_path: Path, pattern: str, expected: str) -> None:
    days = [datetime(2024, 1 + i % 12, 13 + i % 15, 9) for i in range(ROWS)]
    lines = [f"{day.strftime(pattern)},{x},{'ab'[i % 2]}" for i, (day, x) in
             enumerate(zip(days, NUMBERS, strict=True))]  # fmt: skip
    path = csv(tmp_path, "ordered_on,x,y", lines)
    found = draft_of(path, time="ordered_on")
    assert f'.str.to_datetime("{expected}")' in found.ingest
    assert found.facts.as_of == max(days).date().replace(day=28)


def test_empty_constant_and_unusable_columns_are_left_out_and_named(tmp_path: Path) -> None:
    columns = {"e": [None] * ROWS, "c": ["EU"] * ROWS, "l": [[1]] * ROWS, "x": NUMBERS}
    found = draft_of(table(tmp_path, **columns))
    assert [one.name for one in found.found.plan.fields] == ["x"]
    assert '# left out, constant: "c"' in found.ingest
    assert '# left out, empty: "e"' in found.ingest
    assert any("l: left out, a column of type List(Int64)" in note for note in found.notes)


@pytest.mark.parametrize("leak", [["p" if v > 50 else "q" for v in NUMBERS], NUMBERS])
def test_a_column_that_tells_the_class_is_left_out_with_a_warning(
    tmp_path: Path, leak: list[Any]
) -> None:
    target = ["late" if v > 50 else "ok" for v in NUMBERS]
    found = draft_of(table(tmp_path, x=NUMBERS[::-1], leak=leak, y=target))
    assert [one.name for one in found.found.plan.fields] == ["x"]
    assert "leak: LEFT OUT, it tells y (a leak)" in found.notes


def test_a_copy_of_a_number_is_a_leak_and_a_similar_number_is_none(tmp_path: Path) -> None:
    near = [v + CHANCE.gauss(0, 5) for v in NUMBERS]
    columns = {"near": near, "copy": [2 * v for v in NUMBERS], "y": NUMBERS}
    found = draft_of(table(tmp_path, **columns))
    assert [one.name for one in found.found.plan.fields] == ["near"]


def test_a_number_that_differs_in_each_row_and_is_called_id_is_no_feature(tmp_path: Path) -> None:
    columns = {"k": [f"k{i}" for i in range(ROWS)], "visit_id": range(ROWS), "x": NUMBERS}
    fields = draft_of(table(tmp_path, **columns), key="k").found.plan.fields
    assert {one.name: one.feature for one in fields} == {"visit_id": False, "x": True}


def test_ranges_are_widened_by_half_their_width_and_keep_their_sign() -> None:
    assert widen(10, 20) == (5, 25)
    assert widen(2, 20) == (0, 29)
    assert widen(-20, -2) == (-29, 0)
    assert widen(-1.5, 2.25) == (-3.4, 4.2)
    assert widen(7, 7) == (3.5, 10.5)


def test_the_second_of_two_classes_is_yes_or_else_the_rarer() -> None:
    assert order_classes({"yes": 9, "no": 3}) == ("no", "yes")
    assert order_classes({"B": 9, "M": 3}) == ("B", "M")
    assert order_classes({"10": 3, "9": 2, "8": 1}) == ("8", "9", "10")


def test_infinite_numbers_are_rejected_rows_if_they_are_few(tmp_path: Path) -> None:
    path = table(tmp_path, x=pl.Series([float("inf"), *NUMBERS[1:]]))
    assert any("1 of 200 rows cannot be used: x: 1 not" in note for note in draft_of(path).notes)


@pytest.mark.parametrize(("first", "ambiguous"), [(1, True), (10, False)])
def test_dates_that_could_be_month_and_day_are_noted(
    tmp_path: Path, first: int, ambiguous: bool
) -> None:
    days = [f"{first + i % 9:02}/{1 + i % 12:02}/2024" for i in range(ROWS)]
    found = draft_of(table(tmp_path, x=days, other=NUMBERS))
    note = "x: read as day/month/year; month/day/year would fit, too"
    assert (note in found.notes) == ambiguous
