"""Recording a sample of a run for monitoring."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.monitoring.records import Records, read_records, recorded_days
from modelyard.serving.predictor import Predictor

DAY = date(2013, 10, 1)


@pytest.fixture(autouse=True)
def _recording(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs record all of their rows, on a fixed day."""
    monkeypatch.setenv("BATCH_RECORD_ROWS", "50")
    monkeypatch.setenv("AS_OF", str(DAY))


def recorded(folder: Path = Path("reports/requests")) -> Records:
    """Read the records as monitoring does."""
    return read_records(recorded_days([folder], DAY), SCHEMA)


def test_the_records_hold_the_published_predictions(
    run: Any, parquet: Path, table: pl.DataFrame, predictor: Predictor
) -> None:
    out = run(parquet)
    found = recorded()
    assert (len(found), found.broken.total()) == (table.height, 0)
    assert {*found.versions} == {predictor.version}
    scores = pl.read_parquet(sorted(out.glob("part-*")))["score"].to_numpy()
    assert np.array_equal(found.scores[:, 1], scores)


def test_a_sample_is_spread_over_the_input(
    run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_RECORD_ROWS", "5")
    run(parquet)
    assert len(recorded()) == 5


def test_a_pattern_in_the_rows_does_not_bias_the_sample(
    run: Any, table: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every second row has another value, and each file begins with one."""
    column, low = SCHEMA.numbers[0], table[SCHEMA.numbers[0]].min()
    marked = pl.int_range(pl.len()) % 2 == 0
    value = pl.when(marked).then(pl.lit(low)).otherwise(pl.lit(table[column].max()))
    rows = table.with_columns(value.alias(column))
    (tmp_path / "in").mkdir()
    for number in range(20):
        rows.head(40).write_parquet(tmp_path / "in" / f"{number:02}.parquet")
    monkeypatch.setenv("BATCH_RECORD_ROWS", "100")
    run(tmp_path / "in")
    found = recorded()
    assert len(found) == 100
    assert 0.3 < (found.rows[column] == low).mean() < 0.7


def test_more_files_than_rows_to_record_do_not_exceed_the_number(
    run: Any, table: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(20):
        table.slice(number, 2).write_parquet(tmp_path / "in" / f"{number:02}.parquet")
    monkeypatch.setenv("BATCH_RECORD_ROWS", "7")
    run(tmp_path / "in")
    assert len(recorded()) == 7


def test_of_a_csv_only_valid_rows_are_recorded(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    column = SCHEMA.numbers[0]
    broken = table.with_row_index("row").with_columns(
        pl.when(pl.col("row") < 20).then(-1e9).otherwise(pl.col(column)).alias(column)
    )
    broken.drop("row").write_csv(tmp_path / "rows.csv")
    run(tmp_path / "rows.csv")
    assert len(recorded()) == table.height - 20


def test_the_same_run_is_recorded_once(run: Any, parquet: Path) -> None:
    run(parquet)
    run(parquet)
    run(parquet, name="elsewhere")
    assert len(recorded()) == 50


def test_by_default_nothing_is_recorded(
    run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BATCH_RECORD_ROWS")
    run(parquet)
    assert not Path("reports").exists()


def test_the_folder_is_a_setting(
    run: Any, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCH_RECORD_DIR", str(tmp_path / "kept"))
    run(parquet)
    assert len(recorded(tmp_path / "kept")) == 50
