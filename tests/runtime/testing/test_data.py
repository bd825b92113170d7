from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from modelyard.params import Params, read_params
from modelyard.project import Project
from modelyard.schema.contract import Schema
from modelyard.testing import data, ingest
from modelyard.testing.data import PARTS, Prepared

from examples import ROWS, TARGETS

Check = Callable[[Prepared, Schema, Params], None]
KEY = "flight_id"
CHECKS: dict[str, Check] = {
    "columns": lambda made, schema, _: ingest.check_columns(made.raw, schema),
    "known": lambda made, schema, params: ingest.check_known(made.raw, schema, params),
    "keys": lambda made, schema, params: ingest.check_keys(made.raw, schema, params),
    "examples": lambda made, schema, _: ingest.check_examples_arrived(
        made.raw, schema, ROWS, TARGETS
    ),
    "part": lambda made, schema, _: data.check_part(made, "train", schema),
    "disjoint": lambda made, schema, _: data.check_disjoint(made, schema),
    "order": lambda made, schema, _: data.check_order(made, schema),
    "shares": lambda made, _, params: data.check_shares(made, params),
    "none_lost": lambda made, schema, _: data.check_none_lost(made, schema),
    "frozen": lambda made, schema, _: data.check_frozen(made, schema),
}


def with_raw(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Prepared], Prepared]:
    return lambda made: replace(made, raw=change(made.raw))


def with_part(
    name: str, change: Callable[[Prepared], pl.DataFrame]
) -> Callable[[Prepared], Prepared]:
    return lambda made: replace(made, parts=made.parts | {name: change(made)})


def head(made: Prepared, name: str, rows: int = 3) -> pl.DataFrame:
    return made.parts[name].head(rows)


SPOILT: list[tuple[str, Callable[[Prepared], Prepared], str]] = [
    ("columns", with_raw(lambda raw: raw.drop("seats")), r"ingest\.py does not return seats$"),
    (
        "columns",
        with_raw(lambda raw: raw.with_columns(delay=1)),
        r"ingest\.py returns unknown delay$",
    ),
    (
        "known",
        with_raw(lambda raw: raw.with_columns(pl.col("scheduled_departure").dt.offset_by("1y"))),
        r"ingest\.py returns a row of 2014-08-31, allowed is before 2013-09-01$",
    ),
    ("keys", with_raw(lambda raw: pl.concat([raw, raw])), r"rows have a duplicate flight_id"),
    (
        "examples",
        with_raw(lambda raw: raw.filter(~pl.col(KEY).is_in([row[KEY] for row in ROWS]))),
        r"ingest\.py returns none of tests/examples\.py: ROWS, whose flight_id are 2013",
    ),
    (
        "examples",
        with_raw(lambda raw: raw.with_columns(pl.col("distance_mi") * 1.609)),
        r"ingest\.py returns 2013\S+ with distance_mi = \S+, not 764\.0 as in tests/examples\.py",
    ),
    (
        "examples",
        with_raw(lambda raw: raw.with_columns(arrival=pl.lit("late"))),
        r"with arrival = late, not on_time as",
    ),
    (
        "part",
        with_part("train", lambda made: made.parts["train"].with_columns(seats=-1.0)),
        r"^schema\.py: the train rows break it: row 0: seats is -1\.0, .* more$",
    ),
    (
        "part",
        with_part(
            "train",
            lambda made: made.parts["train"].with_columns(arrival=pl.lit(None, pl.String)),
        ),
        r"ingest\.py: \d+ train rows have no arrival$",
    ),
    (
        "disjoint",
        with_part("test", lambda made: pl.concat([made.parts["test"], head(made, "train")])),
        r"^schema\.py: flight_id 2013\S+, .* is in two parts$",
    ),
    (
        "order",
        with_part("train", lambda made: pl.concat([made.parts["train"], head(made, "test")])),
        r"by scheduled_departure the train rows end at \S+, but the validation rows begin at",
    ),
    (
        "shares",
        with_part("test", lambda made: head(made, "test")),
        r"^params\.yaml: split\.test is 0\.125, but 0\.000 of the rows are test rows$",
    ),
    (
        "none_lost",
        with_part("train", lambda made: made.parts["train"].slice(1)),
        r"^data/processed lacks rows of data/raw: 2013\S+; run: dvc repro$",
    ),
    (
        "none_lost",
        with_part("train", lambda made: made.parts["train"].with_columns(flight_id=pl.lit("new"))),
        r"lacks rows of data/raw",
    ),
    (
        "frozen",
        with_part("train", lambda made: pl.concat([made.parts["train"], made.frozen.head(1)])),
        r"^data/processed: frozen rows are train rows too: 2013\S+$",
    ),
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_examples_rows_pass(check: str, prepared: Prepared, project: Project) -> None:
    CHECKS[check](prepared, project.schema, read_params())


@pytest.mark.parametrize(("check", "spoil", "message"), SPOILT)
def test_spoilt_rows_are_named(
    check: str,
    spoil: Callable[[Prepared], Prepared],
    message: str,
    prepared: Prepared,
    project: Project,
) -> None:
    with pytest.raises(AssertionError, match=message):
        CHECKS[check](spoil(prepared), project.schema, read_params())


def test_each_check_has_a_spoilt_case() -> None:
    assert {check for check, *_ in SPOILT} == CHECKS.keys()


def test_a_schema_without_a_time_knows_every_row(prepared: Prepared, project: Project) -> None:
    late: Any = prepared.raw.with_columns(pl.col("scheduled_departure").dt.offset_by("1y"))
    ingest.check_known(late, replace(project.schema, time=None), read_params())


def test_parts_of_the_hash_are_judged_by_it(prepared: Prepared, project: Project) -> None:
    with pytest.raises(AssertionError, match=r"^schema\.py: by flight_id the train rows end at f"):
        data.check_order(prepared, replace(project.schema, time=None))
    assert list(prepared.parts) == list(PARTS)
