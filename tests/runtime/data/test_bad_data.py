"""Invalid data stops the stage `prepare` with a clear message; the tables stay unchanged."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.data import prepare
from modelyard.places import RAW
from modelyard.project import Project

from examples import BAD_VALUES

TARGET, KEY = SCHEMA.target.name, SCHEMA.key
COLUMN, VALUE = BAD_VALUES[0]
Spoil = Callable[[pl.DataFrame], pl.DataFrame]


def bad_values(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.lit(VALUE).alias(COLUMN))


SPOILT: list[tuple[Spoil, str]] = [
    (lambda rows: rows.drop(COLUMN), rf"column {re.escape(COLUMN)} is missing, found: "),
    (lambda rows: rows.drop(TARGET), rf"target column {re.escape(TARGET)} is missing"),
    (lambda rows: rows.clear(), "has no rows"),
    (lambda rows: rows.with_columns(pl.lit(None).alias(TARGET)), "no row has a label"),
    (lambda rows: rows.with_columns(pl.lit("k").alias(KEY)), "split leaves no .* rows out of 1"),
    (bad_values, rf"break the schema, allowed are .*(.|\n)*  {re.escape(COLUMN)}: \d+ not "),
]


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "data/processed").iterdir())}


@pytest.mark.parametrize(("spoil", "message"), SPOILT)
def test_spoilt_rows_are_refused(
    spoil: Spoil, message: str, workspace: Path, project: Project
) -> None:
    before = tables(workspace)
    spoil(pl.read_parquet(RAW)).write_parquet(RAW)
    with pytest.raises(UserError, match=message):
        prepare.main(project)
    assert tables(workspace) == before


def test_a_corrupt_snapshot_is_refused(workspace: Path, project: Project) -> None:
    before = tables(workspace)
    RAW.write_bytes(RAW.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"rows\.parquet is not valid parquet"):
        prepare.main(project)
    assert tables(workspace) == before


def test_a_full_disk_leaves_the_tables_as_they_were(
    workspace: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = tables(workspace)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"cannot write .*train\.parquet: No space left on device"):
        prepare.main(project)
    assert tables(workspace) == before


def test_few_rows_that_break_the_schema_are_rejected(workspace: Path, project: Project) -> None:
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    params["data"]["max_rejected_share"] = 0.5
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    first = pl.int_range(pl.len()) == 0
    rows = pl.read_parquet(RAW).with_columns(pl.when(~first).then(KEY).alias(KEY))
    rows.write_parquet(RAW)
    prepare.main(project)
    assert pl.read_parquet("data/processed/rejected.parquet").rows() == rows.head(1).rows()
