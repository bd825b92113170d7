"""Checks of `data/ingest.py`: what arrived is what was asked for, and was known by then."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ..data.tables import with_types
from ..params import Params
from ..schema.contract import Schema
from .assertions import listed, require


def check_columns(raw: pl.DataFrame, schema: Schema) -> None:
    """Check that ingest gives the columns of the schema and the target, and nothing else."""
    wanted, found = {*schema.names, schema.target.name}, set(raw.columns)
    require(wanted <= found, f"data/ingest.py does not give {listed(sorted(wanted - found))}")
    require(
        found <= wanted, f"data/ingest.py gives {listed(sorted(found - wanted))}, not in schema.py"
    )


def check_known(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that ingest gives no row from the day of `data.as_of` or later."""
    as_of = params.data.as_of
    if schema.time:
        newest: Any = raw[schema.time].max()
        day = newest.date()
        require(day < as_of, f"data/ingest.py gives a row of {day}, known are rows before {as_of}")


def check_keys(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that hardly any row of the snapshot has the key of another."""
    twice = int(raw.height - raw[schema.key].n_unique())
    most = params.data.max_rejected_share
    require(
        twice <= most * raw.height,
        f"schema.py or data/ingest.py: {twice} of {raw.height} rows have a {schema.key} that "
        f"another row has too, allowed is a share of {most} (params.yaml: data.max_rejected_share)",
    )


def check_examples_arrived(
    raw: pl.DataFrame, schema: Schema, rows: Sequence[Mapping[str, Any]], targets: Sequence[Any]
) -> None:
    """Check that those examples which are in the snapshot stand there as they are."""
    known = {row[schema.key]: (row, target) for row, target in zip(rows, targets, strict=True)}
    found = raw.filter(pl.col(schema.key).is_in(list(known)))
    require(
        found.height,
        f"data/ingest.py gives none of tests/examples.py: ROWS, whose {schema.key} are "
        f"{listed(list(known))}",
    )
    for line in found.iter_rows(named=True):
        row, target = known[line[schema.key]]
        expected = typed(row, target, schema)
        wrong = [name for name, value in expected.items() if not alike(line[name], value)]
        require(
            not wrong,
            f"data/ingest.py gives {line[schema.key]} with "
            + listed([f"{name} = {line[name]}, not {expected[name]}" for name in wrong])
            + " as tests/examples.py says",
        )


def alike(found: Any, expected: Any) -> bool:
    """Tell whether two values are the same; numbers to within a hundredth."""
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=1e-2, abs_tol=1e-9)
    return bool(found == expected)


def typed(row: Mapping[str, Any], target: Any, schema: Schema) -> dict[str, Any]:
    """Give an example with its target as a snapshot would hold it."""
    table, _ = with_types(pl.DataFrame([dict(row)], strict=False), schema, parse_texts=False)
    return table.select(schema.names).row(0, named=True) | {schema.target.name: target}
