"""Checks of the prepared data: validity, disjoint splits, their order and shares."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from ..console import listed
from ..data.prepare import split_key
from ..data.read import read_table
from ..data.tables import to_request_form
from ..data.validate import judge
from ..params import Params
from ..places import FROZEN, PROCESSED, RAW
from ..schema.contract import Schema

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Prepared:
    """The raw rows, the splits, and the rejected and frozen rows."""

    raw: pl.DataFrame
    parts: dict[str, pl.DataFrame]
    rejected: pl.DataFrame
    frozen: pl.DataFrame


def read_prepared() -> Prepared:
    """Read the outputs of the stages `ingest` and `prepare`."""
    parts = {name: read_table(PROCESSED / f"{name}.parquet") for name in PARTS}
    rejected = pl.read_parquet(PROCESSED / "rejected.parquet")
    return Prepared(read_table(RAW), parts, rejected, read_table(FROZEN))


def real_rows(prepared: Prepared, schema: Schema, most: int) -> list[dict[str, Any]]:
    """Return evenly spaced validation rows in the format of a request."""
    rows = prepared.parts["validation"]
    drawn = rows.gather_every(max(1, rows.height // most)).head(most)
    return to_request_form(drawn, schema).to_dicts()


def check_part(prepared: Prepared, name: str, schema: Schema) -> None:
    """Check that each row of a split is valid and labelled."""
    part = prepared.parts[name]
    violations = judge(part, schema).faults
    assert not violations, f"schema.py: the {name} rows break it: {listed(violations, 3)}"
    missing = part[schema.target.name].null_count()
    assert not missing, f"data/ingest.py: {missing} {name} rows have no {schema.target.name}"


def check_disjoint(prepared: Prepared, schema: Schema) -> None:
    """Check that no row is in two splits."""
    keys = pl.concat([part[schema.key] for part in prepared.parts.values()])
    twice = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    assert not len(twice), f"schema.py: {schema.key} {listed(twice.to_list())} is in two parts"


def check_order(prepared: Prepared, schema: Schema) -> None:
    """Check that each split ends before the next begins: by time, or by a hash of the key."""
    key = split_key(schema)
    for older, newer in pairwise(PARTS):
        last = prepared.parts[older].select(key.max()).item()
        first = prepared.parts[newer].select(key.min()).item()
        assert last < first, (
            f"schema.py: by {schema.time or schema.key} the {older} rows end at {last}, but the "
            f"{newer} rows begin at {first}"
        )


def check_shares(prepared: Prepared, params: Params, tolerance: float = 0.05) -> None:
    """Check that the splits have about the shares set in `params.yaml`."""
    total = sum(part.height for part in prepared.parts.values())
    for name in ("validation", "test"):
        found, expected = prepared.parts[name].height / total, getattr(params.split, name)
        assert abs(found - expected) <= tolerance, (
            f"params.yaml: split.{name} is {expected}, but {found:.3f} of the rows are {name} rows"
        )


def check_none_lost(prepared: Prepared, schema: Schema) -> None:
    """Check that each labelled row of the snapshot is in a split, rejected or frozen."""
    raw = prepared.raw.filter(pl.col(schema.target.name).is_not_null())[schema.key]
    kept = pl.concat([part[schema.key] for part in prepared.parts.values()])
    known = {*kept, *prepared.rejected[schema.key], *prepared.frozen[schema.key]}
    lost, new = sorted({*raw} - known), sorted({*kept} - {*raw})
    assert not lost, f"data/processed lacks rows of data/raw: {listed(lost)}; run: dvc repro"
    assert not new, f"data/processed holds rows not in data/raw: {listed(new)}; run: dvc repro"


def check_frozen(prepared: Prepared, schema: Schema) -> None:
    """Check that no frozen row is in the training or the validation set."""
    frozen = {*prepared.frozen[schema.key]}
    for name in ("train", "validation"):
        both = sorted(frozen & {*prepared.parts[name][schema.key]})
        assert not both, f"data/processed: frozen rows are {name} rows too: {listed(both)}"
