"""Replay of the days after training."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.data.read import read_table
from modelyard.data.tables import to_rows
from modelyard.monitoring.records import read_records, recorded_days
from modelyard.monitoring.replay import (
    later_days,
    replay_day,
)
from modelyard.monitoring.report import MonitorSettings
from modelyard.places import PROCESSED
from modelyard.serving.predictor import Predictor

from tests.runtime.orders import ORDERS, UNTIMED, orders

DAY = date(2024, 6, 1)


def test_rows_are_split_by_day_from_the_first_to_the_day_before_the_end() -> None:
    parts = later_days(orders(10), ORDERS, date(2024, 5, 3), date(2024, 5, 6))
    assert [(day.isoformat(), rows["order"].to_list()) for day, rows in parts] == [
        ("2024-05-03", ["A2"]),
        ("2024-05-04", ["A3"]),
        ("2024-05-05", ["A4"]),
    ]


def test_rows_that_violate_the_schema_are_left_out() -> None:
    rows = orders(2, price=[-1.0, 5.0])
    parts = later_days(rows, ORDERS, date(2024, 5, 1), date(2024, 6, 1))
    assert [rows["order"].to_list() for _, rows in parts] == [["A1"]]


def test_a_replay_without_later_rows_or_without_a_time_column_is_refused() -> None:
    with pytest.raises(UserError, match="no rows from 2025-01-01 to 2026-01-01"):
        later_days(orders(2), ORDERS, date(2025, 1, 1), date(2026, 1, 1))
    with pytest.raises(UserError, match=r"schema\.py has no time column"):
        later_days(orders(2), UNTIMED, DAY, DAY)


def test_a_replayed_day_has_the_models_scores_and_the_true_labels(
    tmp_path: Path, predictor: Predictor
) -> None:
    table = read_table(PROCESSED / "validation.parquet").head(20)
    no_label = pl.when(pl.int_range(pl.len()) > 0).then(SCHEMA.target.name)
    rows, settings = table.with_columns(no_label), MonitorSettings(rest_record_dir=tmp_path)
    replay_day(DAY, rows, predictor, settings)
    found = read_records(recorded_days([tmp_path], DAY), SCHEMA)
    assert (len(found), found.broken) == (20, {})
    assert np.isfinite(found.labels).tolist() == [False] + [True] * 19
    scores = predictor.predict(to_rows(table, SCHEMA)).scores
    np.testing.assert_allclose(found.scores, scores, atol=1e-6)


def test_replaying_a_day_twice_changes_nothing(tmp_path: Path, predictor: Predictor) -> None:
    rows = read_table(PROCESSED / "validation.parquet").head(5)
    settings = MonitorSettings(rest_record_dir=tmp_path)
    replay_day(DAY, rows, predictor, settings)
    once = {file.name: file.read_bytes() for file in tmp_path.rglob("*.jsonl")}
    replay_day(DAY, rows, predictor, settings)
    assert {file.name: file.read_bytes() for file in tmp_path.rglob("*.jsonl")} == once
