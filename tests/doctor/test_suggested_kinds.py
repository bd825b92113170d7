"""What the doctor suggests for whole numbers, booleans and dates."""

from typing import Any

import polars as pl
import pytest
from modelyard.schema.columns import Boolean, Column, Date, Integer

from modelyard_doctor.suggest import suggest


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (Integer("x", ""), [1.0, 2.5], 'Number("x", "…"): there are numbers that are not whole'),
        (Integer("x", "", max=3), [1, 99], "if these are possible: min=1, max=99"),
        (Boolean("x", ""), ["yes", "no"], 'in schema.py, aliases={"yes": True, "no": False}'),
        (Boolean("x", ""), [True, None], "values are missing: required=False"),
        (Date("x", ""), ["1.2.2024"], "convert it in ingest: .str.to_date()"),
    ],
)
def test_a_remedy_fits_the_kind(column: Column, values: list[Any], expected: str) -> None:
    assert expected in suggest(column, pl.Series("x", values))
