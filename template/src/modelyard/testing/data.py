"""Checks of the rows: what `data/ingest.py` gave, and how the pipeline has parted it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

from ..data.order import place
from ..data.read import read_table
from ..data.tables import with_types
from ..data.validate import judge
from ..models.release import as_sent
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


def check_columns(raw: pl.DataFrame, schema: Schema) -> None:
    """Check that ingest gives the columns of the schema and the target, and nothing else.

    Raises:
        AssertionError: one is missing, or one more is there: it may be known only afterwards.
    """
    wanted, found = {*schema.names, schema.target.name}, set(raw.columns)
    require(wanted <= found, f"data/ingest.py does not give {listed(sorted(wanted - found))}")
    require(
        found <= wanted, f"data/ingest.py gives {listed(sorted(found - wanted))}, not in schema.py"
    )


def check_known(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that ingest gives no row from the day of `data.as_of` or later.

    Raises:
        AssertionError: it does, so that a model would learn what it cannot know yet.
    """
    as_of = params.data.as_of
    if schema.time:
        newest: Any = raw[schema.time].max()
        day = newest.date()
        require(day < as_of, f"data/ingest.py gives a row of {day}, known are rows before {as_of}")


def check_keys(raw: pl.DataFrame, schema: Schema, params: Params) -> None:
    """Check that hardly any row of the snapshot has the key of another.

    Raises:
        AssertionError: more than `data.max_rejected_share` of the rows would be dropped for it.
    """
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
    """Check that those examples which are in the snapshot stand there as they are.

    Raises:
        AssertionError: none is there, or one has other values or another target.
    """
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


def check_part(prepared: Prepared, name: str, schema: Schema) -> None:
    """Check that each row of a part keeps the schema and has a label.

    Raises:
        AssertionError: one does not.
    """
    part = prepared.parts[name]
    faults = judge(part, schema).faults
    require(not faults, f"schema.py: the {name} rows break it: {listed(faults, 3)}")
    missing = part[schema.target.name].null_count()
    require(not missing, f"data/ingest.py: {missing} {name} rows have no {schema.target.name}")


def check_disjoint(prepared: Prepared, schema: Schema) -> None:
    """Check that no row is in two parts.

    Raises:
        AssertionError: a key stands twice.
    """
    keys = pl.concat([part[schema.key] for part in prepared.parts.values()])
    twice = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    require(not len(twice), f"schema.py: {schema.key} {listed(twice.to_list())} is in two parts")


def check_order(prepared: Prepared, schema: Schema) -> None:
    """Check that each part lies wholly before the next: by time, or by a hash of the key.

    Raises:
        AssertionError: two overlap.
    """
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
    """Check that the parts have about the shares that `params.yaml` asks for.

    Raises:
        AssertionError: one has not, since many rows share a day or were left out.
    """
    total = sum(part.height for part in prepared.parts.values())
    for name in ("validation", "test"):
        found, asked = prepared.parts[name].height / total, getattr(params.split, name)
        require(
            abs(found - asked) <= tolerance,
            f"params.yaml: split.{name} is {asked}, but {found:.3f} of the rows are {name} rows",
        )


def check_none_lost(prepared: Prepared, schema: Schema) -> None:
    """Check that each labelled row of the snapshot is in a part, rejected or frozen.

    Raises:
        AssertionError: one is lost, or came from nowhere.
    """
    raw = prepared.raw.filter(pl.col(schema.target.name).is_not_null())[schema.key]
    kept = pl.concat([part[schema.key] for part in prepared.parts.values()])
    known = {*kept, *prepared.rejected[schema.key], *prepared.frozen[schema.key]}
    lost, new = sorted({*raw} - known), sorted({*kept} - {*raw})
    require(not lost, f"data/processed lacks rows of data/raw: {listed(lost)}; run: dvc repro")
    require(not new, f"data/processed holds rows not in data/raw: {listed(new)}; run: dvc repro")


def check_frozen(prepared: Prepared, schema: Schema) -> None:
    """Check that no model learns from a frozen row, nor is chosen by it.

    Raises:
        AssertionError: one is among the training or validation rows.
    """
    frozen = {*prepared.frozen[schema.key]}
    for name in ("train", "validation"):
        both = sorted(frozen & {*prepared.parts[name][schema.key]})
        require(not both, f"data/processed: frozen rows are {name} rows too: {listed(both)}")
