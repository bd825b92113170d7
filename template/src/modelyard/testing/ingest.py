"""Checks of `data/ingest.py`: columns, dates, keys and known examples of the snapshot."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ..console import listed
from ..data.tables import cast_column, cast_columns
from ..params import Params
from ..schema.contract import Schema


def check_columns(raw: pl.DataFrame, schema: Schema) -> None:
    """Check that ingest returns the columns of the schema and the target, and no others."""
    expected, found = {*schema.names, schema.target.name}, set(raw.columns)
    assert expected <= found, f"data/ingest.py does not return {listed(sorted(expected - found))}"
    assert found <= expected, f"data/ingest.py returns unknown {listed(sorted(found - expected))}"


def check_known(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that ingest returns no row from the day `data.as_of` or later."""
    as_of = params.data.as_of
    if schema.time:
        times = raw.select(cast_column(raw, schema.column(schema.time), False)).to_series()
        day: Any = times.dt.date().max()
        assert day < as_of, f"data/ingest.py returns a row of {day}, allowed is before {as_of}"


def check_keys(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that the share of rows with a duplicate key is small."""
    duplicates = int(raw.height - raw[schema.key].n_unique())
    most = params.data.max_rejected_share
    assert duplicates <= most * raw.height, (
        f"schema.py or data/ingest.py: {duplicates} of {raw.height} rows have a duplicate "
        f"{schema.key}, allowed is a share of {most} (params.yaml: data.max_rejected_share)"
    )


def check_examples_arrived(
    raw: pl.DataFrame, schema: Schema, rows: Sequence[Mapping[str, Any]], targets: Sequence[Any]
) -> None:
    """Check that the examples which the snapshot contains have the expected values."""
    known = {row[schema.key]: (row, target) for row, target in zip(rows, targets, strict=True)}
    found = raw.filter(pl.col(schema.key).is_in(list(known)))
    assert found.height, (
        f"data/ingest.py returns none of tests/examples.py: ROWS, whose {schema.key} are "
        f"{listed(list(known))}"
    )
    for line in found.iter_rows(named=True):
        row, target = known[line[schema.key]]
        expected = expected_row(row, target, schema)
        wrong = [name for name, value in expected.items() if not is_close(line[name], value)]
        assert not wrong, (
            f"data/ingest.py returns {line[schema.key]} with "
            + listed([f"{name} = {line[name]}, not {expected[name]}" for name in wrong])
            + " as in tests/examples.py"
        )


def is_close(found: Any, expected: Any) -> bool:
    """Return whether two values are equal; numbers to within 1%."""
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=1e-2, abs_tol=1e-9)
    return bool(found == expected)


def expected_row(row: Mapping[str, Any], target: Any, schema: Schema) -> dict[str, Any]:
    """Return an example with its target as a row of the snapshot."""
    table = cast_columns(pl.DataFrame([dict(row)], strict=False), schema, parse_texts=False)
    return table.select(schema.names).row(0, named=True) | {schema.target.name: target}
