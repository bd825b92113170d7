"""Frozen rows: a sample of the test set on which every version of the model is measured.

They are sampled once and excluded from training for good: as the split moves on in time, they would
else become training rows, and later versions would score better on them than they are.
"""

from pathlib import Path

import polars as pl

from ..console import UserError
from ..files import read_json, sha256
from ..places import FROZEN
from ..schema.contract import Schema
from .read import read_table
from .split_order import key_hash
from .tables import write_table
from .validate import judge

VERSIONS = Path("reports/versions.json")  # from level 2 on: accepted versions, measured on them


def freeze(test: pl.DataFrame, schema: Schema, share: float, path: Path = FROZEN) -> pl.DataFrame:
    """Return the frozen rows; sample them from the test set if they are missing or invalid.

    Raises:
        UserError: earlier versions were measured on other rows, which are missing.
    """
    if path.exists():
        frozen = read_table(path)
        if frozen.schema == test.schema and not judge(frozen, schema).faults:
            return frozen
        print(f"prepare: {path.as_posix()} breaks the schema; sampling new frozen rows")
    sampled = sample(test, schema, share)
    write_table(path, sampled)
    known = read_json(VERSIONS, "git checkout restores it") if VERSIONS.exists() else []
    newest, drawn = known[-1] if known else {}, sha256(path)[:12]
    if newest.get("schema_hash") == schema.hash and newest["frozen"] != drawn:
        path.unlink()
        raise UserError(
            f"{path.as_posix()} is missing, earlier versions were measured on it: where it is run "
            f"uv run dvc push, then here uv run dvc pull --force {path.as_posix()}; to start a new "
            f"history delete {VERSIONS.as_posix()}"
        )
    print(f"prepare: {sampled.height:,} test rows frozen -> {path.as_posix()}")
    return sampled


def sample(test: pl.DataFrame, schema: Schema, share: float) -> pl.DataFrame:
    """Return a share of the rows, at least one: those with the smallest hashes of the key."""
    count = max(1, round(test.height * share))
    hashed = pl.col(schema.key).map_elements(key_hash, pl.String)
    return test.filter(hashed.rank("ordinal") <= count)
