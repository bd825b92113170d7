"""The step `prepare`: check the snapshot, clean it, and split it by time."""

from dataclasses import dataclass

import polars as pl

from ..console import UserError
from ..params import read_params
from ..places import PROCESSED, RAW
from ..project import Project
from ..schema.contract import Schema
from .frozen_rows import freeze
from .read import read_table
from .split_order import place
from .tables import write_table
from .validate import judge, within_limit


@dataclass(frozen=True)
class Splits:
    """Three tables without a common row; by time, each is older than the next."""

    train: pl.DataFrame
    validation: pl.DataFrame
    test: pl.DataFrame


def clean(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Drop rows without a label and all but the first row of each key."""
    labelled = rows.filter(pl.col(schema.target.name).is_not_null())
    return labelled.unique(schema.key, keep="first", maintain_order=True)


def split(rows: pl.DataFrame, schema: Schema, *, validation: float, test: float) -> Splits:
    """Part the rows by time, or by a hash of the key where the schema names no time.

    Rows of one day stay together.

    Args:
        rows: clean rows.
        schema: names key and time.
        validation: share of the rows, those before the test rows.
        test: share of the rows, the newest.

    Raises:
        UserError: a part would be empty.
    """
    if not rows.height:
        raise UserError(f"no row has a label: {schema.target.name} is missing in all of them")
    order = place(schema)
    ordered = rows.sort(order, schema.key)
    places = ordered.select(order.alias("place"))["place"]
    starts = [places[int(ordered.height * share)] for share in (1 - test - validation, 1 - test)]
    parts = Splits(
        ordered.filter(places < starts[0]),
        ordered.filter((places >= starts[0]) & (places < starts[1])),
        ordered.filter(places >= starts[1]),
    )
    empty = [name for name, part in vars(parts).items() if not part.height]
    if empty:
        raise UserError(f"params.yaml: split leaves no {empty[0]} rows of {rows.height}")
    return parts


def without(parts: Splits, frozen: pl.Series, schema: Schema) -> Splits:
    """Leave frozen rows out of what models learn from and are chosen by."""
    learnt = ~pl.col(schema.key).is_in(frozen.implode())
    return Splits(parts.train.filter(learnt), parts.validation.filter(learnt), parts.test)


def main(project: Project) -> None:
    """Read the snapshot, check, clean, split and write."""
    params, schema = read_params(), project.schema
    verdict = judge(read_table(RAW), schema)
    within_limit(verdict, params.data.max_rejected_share)
    rows = clean(verdict.good, schema)
    shares = params.split
    parts = split(rows, schema, validation=shares.validation, test=shares.test)
    frozen = freeze(parts.test, schema, shares.frozen)
    for name, part in vars(without(parts, frozen[schema.key], schema)).items():
        write_table(PROCESSED / f"{name}.parquet", part)
        print(f"prepare: {part.height:,} {name} rows -> {PROCESSED / name}.parquet")
    write_table(PROCESSED / "rejected.parquet", verdict.rejected)
    dropped = verdict.good.height - rows.height
    print(f"prepare: left out {verdict.rejected.height:,} rows that broke the schema")
    print(f"prepare: left out {dropped:,} rows without a label or with a key seen before")
