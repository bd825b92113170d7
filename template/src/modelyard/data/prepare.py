"""Stage `prepare`: validate the snapshot, clean it and split it by time.

A sample of the test set is frozen, and every version of the model is measured on it. It is sampled
once and excluded from training for good: as the split moves on in time, the rows would else become
training rows, and later versions would score better on them than they are.
"""

import hashlib
from pathlib import Path

import polars as pl
import yaml

from ..console import UserError
from ..files import read_json, sha256
from ..params import read_params
from ..params_sections import Split
from ..places import FROZEN, PROCESSED, RAW
from ..project import Project
from ..schema.contract import Schema
from .read import read_table
from .tables import write_table
from .validate import check_rejected_share, judge

VERSIONS = Path("reports/versions.json")  # from level 2 on: accepted versions, measured on them
START_OVER = (
    f"rows that are frozen already stay so; rm -f {FROZEN.as_posix()} {VERSIONS.as_posix()}, then "
    "dvc repro, draws others and starts a new history"
)
Splits = dict[str, pl.DataFrame]  # train, validation and test: disjoint, by time the oldest first


def clean(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Drop rows without a label, and duplicates of a key after the first."""
    labelled = rows.filter(pl.col(schema.target.name).is_not_null())
    return labelled.unique(schema.key, keep="first", maintain_order=True)


def split_key(schema: Schema) -> pl.Expr:
    """Return the expression of the split key: the day of a row, or a hash of its key."""
    if schema.time:
        return pl.col(schema.time).dt.date()
    return pl.col(schema.key).map_elements(key_hash, pl.String)


def key_hash(key: str | int) -> str:
    """Return the hash of a key as hexadecimal digits, the same on every machine."""
    return hashlib.sha256(str(key).encode()).hexdigest()[:16]


def split(rows: pl.DataFrame, schema: Schema, *, validation: float, test: float) -> Splits:
    """Split the rows by time, or by a hash of the key if the schema names no time column.

    Rows of one day stay together; those of the test set are the newest.

    Raises:
        UserError: a split would be empty.
    """
    if not rows.height:
        raise UserError(f"no row has a label: column {schema.target.name} is empty")
    key = split_key(schema)
    ordered = rows.sort(key, schema.key)
    keys = ordered.select(key.alias("split_key"))["split_key"]
    starts = [keys[int(ordered.height * share)] for share in (1 - test - validation, 1 - test)]
    splits = {
        "train": ordered.filter(keys < starts[0]),
        "validation": ordered.filter((keys >= starts[0]) & (keys < starts[1])),
        "test": ordered.filter(keys >= starts[1]),
    }
    empty = [name for name, part in splits.items() if not part.height]
    if empty:
        raise UserError(f"params.yaml: split leaves no {empty[0]} rows out of {rows.height}")
    return splits


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


def changed_shares(split: Split, lock: Path = Path("dvc.lock")) -> dict[str, float]:
    """Return the shares of the splits in the last run, by `dvc.lock`, if they were others."""
    stages = yaml.safe_load(lock.read_text("utf-8")).get("stages", {}) if lock.exists() else {}
    params: dict[str, dict[str, dict[str, float]]] = stages.get("prepare", {}).get("params", {})
    before = params.get("params.yaml", {}).get("split", {})
    return {name: before[name] for name, now in split if before.get(name, now) != now}


def sample(test: pl.DataFrame, schema: Schema, share: float) -> pl.DataFrame:
    """Return a share of the rows, at least one: those with the smallest hashes of the key."""
    count = max(1, round(test.height * share))
    hashed = pl.col(schema.key).map_elements(key_hash, pl.String)
    return test.filter(hashed.rank("ordinal") <= count)


def without_frozen(splits: Splits, frozen: pl.Series, schema: Schema) -> Splits:
    """Exclude the frozen rows from the training and the validation set."""
    kept = ~pl.col(schema.key).is_in(frozen.implode())
    return splits | {name: splits[name].filter(kept) for name in ("train", "validation")}


def main(project: Project) -> None:
    """Read the snapshot, validate, clean and split it, and write the splits."""
    params, schema = read_params(), project.schema
    verdict = judge(read_table(RAW), schema)
    check_rejected_share(verdict, params.data.max_rejected_share)
    rows = clean(verdict.good, schema)
    shares = params.split
    for name, before in changed_shares(shares).items() if FROZEN.exists() else ():
        print(f"prepare: split.{name} was {before:g}; {START_OVER}")
    splits = split(rows, schema, validation=shares.validation, test=shares.test)
    frozen = freeze(splits["test"], schema, shares.frozen)
    for name, part in without_frozen(splits, frozen[schema.key], schema).items():
        write_table(PROCESSED / f"{name}.parquet", part)
        print(f"prepare: {part.height:,} {name} rows -> {PROCESSED / name}.parquet")
    write_table(PROCESSED / "rejected.parquet", verdict.rejected)
    dropped = verdict.good.height - rows.height
    print(f"prepare: dropped {verdict.rejected.height:,} rows that break the schema")
    print(f"prepare: dropped {dropped:,} rows without a label or with a duplicate key")
