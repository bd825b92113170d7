"""Rows that are kept for ever, so that every version can be measured on the same ones.

They are drawn once from the test rows, and no later model may learn from them: as time goes on
they would else become training rows, and each version would look better on them than it is.
"""

from pathlib import Path

import polars as pl

from ..places import FROZEN
from ..schema.contract import Schema
from .read import read_table
from .split_order import key_hash
from .tables import write_table
from .validate import judge


def freeze(test: pl.DataFrame, schema: Schema, share: float, path: Path = FROZEN) -> pl.DataFrame:
    """Give the frozen rows; draw and write them if there are none that fit the schema.

    Args:
        test: today's test rows.
        schema: names the key; frozen rows that no longer keep it are drawn anew.
        share: of the test rows, drawn by a hash of their key.
        path: where they are kept.
    """
    if path.exists():
        frozen = read_table(path)
        if frozen.schema == test.schema and not judge(frozen, schema).faults:
            return frozen
        print(f"prepare: {path.as_posix()} no longer keeps the schema and is drawn anew")
    drawn = draw(test, schema, share)
    write_table(path, drawn)
    print(f"prepare: {drawn.height:,} test rows frozen -> {path.as_posix()}")
    return drawn


def draw(test: pl.DataFrame, schema: Schema, share: float) -> pl.DataFrame:
    """Draw a share of the rows, one at least: those whose keys have the least hashes."""
    most = max(1, round(test.height * share))
    hashed = pl.col(schema.key).map_elements(key_hash, pl.String)
    return test.filter(hashed.rank("ordinal") <= most)
