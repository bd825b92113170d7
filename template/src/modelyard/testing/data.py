"""Checks of the parts into which the pipeline has split the rows."""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from ..data.read import read_table
from ..data.split_order import place
from ..data.tables import as_sent
from ..data.validate import judge
from ..params import Params
from ..places import FROZEN, PROCESSED, RAW
from ..schema.contract import Schema
from .assertions import listed, require

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Prepared:
    """What arrived, the parts that it was split into, and what was left out."""

    raw: pl.DataFrame
    parts: dict[str, pl.DataFrame]
    rejected: pl.DataFrame
    frozen: pl.DataFrame


def read_prepared() -> Prepared:
    """Read what the steps ingest and prepare have made.

    Raises:
        UserError: it is not there.
    """
    parts = {name: read_table(PROCESSED / f"{name}.parquet") for name in PARTS}
    rejected = pl.read_parquet(PROCESSED / "rejected.parquet")
    return Prepared(read_table(RAW), parts, rejected, read_table(FROZEN))


def real_rows(prepared: Prepared, schema: Schema, most: int) -> list[dict[str, Any]]:
    """Give validation rows, evenly drawn, as a client would send them."""
    rows = prepared.parts["validation"]
    drawn = rows.gather_every(max(1, rows.height // most)).head(most)
    return [json.loads(line) for line in as_sent(drawn, schema).write_ndjson().splitlines()]


def check_part(prepared: Prepared, name: str, schema: Schema) -> None:
    """Check that each row of a part keeps the schema and has a label."""
    part = prepared.parts[name]
    faults = judge(part, schema).faults
    require(not faults, f"schema.py: the {name} rows break it: {listed(faults, 3)}")
    missing = part[schema.target.name].null_count()
    require(not missing, f"data/ingest.py: {missing} {name} rows have no {schema.target.name}")


def check_disjoint(prepared: Prepared, schema: Schema) -> None:
    """Check that no row is in two parts."""
    keys = pl.concat([part[schema.key] for part in prepared.parts.values()])
    twice = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    require(not len(twice), f"schema.py: {schema.key} {listed(twice.to_list())} is in two parts")


def check_order(prepared: Prepared, schema: Schema) -> None:
    """Check that each part lies wholly before the next: by time, or by a hash of the key."""
    order = place(schema).alias("place")
    bounds: dict[str, tuple[Any, Any]] = {
        name: (places.min(), places.max())
        for name, part in prepared.parts.items()
        for places in [part.select(order)["place"]]
    }
    for older, newer in pairwise(PARTS):
        last, first = bounds[older][1], bounds[newer][0]
        require(
            last < first,
            f"schema.py: by {schema.time or schema.key} the {older} rows end at {last}, but the "
            f"{newer} rows begin at {first}",
        )


def check_shares(prepared: Prepared, params: Params, tolerance: float = 0.05) -> None:
    """Check that the parts have about the shares that `params.yaml` asks for."""
    total = sum(part.height for part in prepared.parts.values())
    for name in ("validation", "test"):
        found, asked = prepared.parts[name].height / total, getattr(params.split, name)
        require(
            abs(found - asked) <= tolerance,
            f"params.yaml: split.{name} is {asked}, but {found:.3f} of the rows are {name} rows",
        )


def check_none_lost(prepared: Prepared, schema: Schema) -> None:
    """Check that each labelled row of the snapshot is in a part, rejected or frozen."""
    raw = prepared.raw.filter(pl.col(schema.target.name).is_not_null())[schema.key]
    kept = pl.concat([part[schema.key] for part in prepared.parts.values()])
    known = {*kept, *prepared.rejected[schema.key], *prepared.frozen[schema.key]}
    lost, new = sorted({*raw} - known), sorted({*kept} - {*raw})
    require(not lost, f"data/processed lacks rows of data/raw: {listed(lost)}; run: dvc repro")
    require(not new, f"data/processed holds rows not in data/raw: {listed(new)}; run: dvc repro")


def check_frozen(prepared: Prepared, schema: Schema) -> None:
    """Check that no model learns from a frozen row, nor is chosen by it."""
    frozen = {*prepared.frozen[schema.key]}
    for name in ("train", "validation"):
        both = sorted(frozen & {*prepared.parts[name][schema.key]})
        require(not both, f"data/processed: frozen rows are {name} rows too: {listed(both)}")
