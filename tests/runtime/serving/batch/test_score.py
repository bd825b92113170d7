"""Scores of the batch target equal those of the predictor, to the last bit."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.models.scorer import Predictions
from modelyard.schema.columns import Number
from modelyard.schema.contract import Classes, Quantity
from modelyard.serving.batch.score import REJECTED_SCHEMA, SLICE, part_table, predict
from modelyard.serving.predictor import Predictor, to_rows

from examples import BAD_VALUES, ROWS


def records(folder: Path) -> list[dict[str, Any]]:
    """Read the parts as predictions in the form of the REST service."""
    parts = pl.read_parquet(sorted(folder.glob("part-*.parquet")))
    return parts.drop(SCHEMA.key, "model_version").rows(named=True)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_scores_like_single_rows(
    kind: str, run: Any, table: pl.DataFrame, tmp_path: Path, predictor: Predictor
) -> None:
    file = tmp_path / f"rows.{kind}"
    table.write_csv(file) if kind == "csv" else table.write_parquet(file)
    alone = [
        predictor.predict(to_rows([row], SCHEMA)).records()[0] for row in table.rows(named=True)
    ]
    assert records(run(file)) == alone


def test_a_csv_gives_the_same_parts_as_a_parquet_file(
    run: Any, table: pl.DataFrame, parquet: Path, tmp_path: Path
) -> None:
    table.write_csv(tmp_path / "rows.csv")
    one, other = run(parquet, "one"), run(tmp_path / "rows.csv", "other")
    assert [path.read_bytes() for path in sorted(one.glob("part-*"))] == [
        path.read_bytes() for path in sorted(other.glob("part-*"))
    ]


def test_a_score_does_not_depend_on_the_chunks(
    run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = records(run(parquet, "one"))
    monkeypatch.setenv("BATCH_CHUNK_ROWS", "7")
    monkeypatch.setenv("BATCH_WORKERS", "3")
    assert records(run(parquet, "other")) == expected


def test_a_score_does_not_depend_on_the_slices(predictor: Predictor) -> None:
    alone = [predictor.predict(to_rows([row], SCHEMA)).scores[0] for row in ROWS]
    together = predict(predictor, to_rows((ROWS * SLICE)[: SLICE + 2], SCHEMA))
    np.testing.assert_array_equal(together.scores, np.resize(alone, together.scores.shape))


def test_a_part_has_key_prediction_and_model_version(
    run: Any, parquet: Path, table: pl.DataFrame, predictor: Predictor
) -> None:
    part = pl.read_parquet(run(parquet) / "part-000000.parquet")
    assert part.columns[0] == SCHEMA.key
    assert {"prediction", "model_version"} <= {*part.columns}
    assert part["model_version"].unique().to_list() == [predictor.version]


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_an_invalid_value_is_rejected_with_row_column_and_rule(
    column: str, value: Any, run: Any, tmp_path: Path
) -> None:
    rows = [ROWS[0] | {column: value}, ROWS[1] | {column: value}]
    pl.DataFrame(rows, strict=False, infer_schema_length=None).write_parquet(tmp_path / "a.parquet")
    out = run(tmp_path / "a.parquet")
    violations = pl.read_parquet(out / "rejected.parquet")
    assert violations.schema == REJECTED_SCHEMA
    assert violations["row"].to_list() == [0, 1]
    assert violations["column"].unique().to_list() == [column]
    assert violations["found"][0] == (None if value is None else str(value))
    assert violations["allowed"][0] == SCHEMA.column(column).allowed()
    assert records(out) == []


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_number_as_text_is_valid_in_a_csv_only(
    kind: str, run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    numbers = [column.name for column in SCHEMA.columns if isinstance(column, Number)]
    texts = table.with_columns(pl.col(numbers).cast(pl.String))
    file = tmp_path / f"rows.{kind}"
    texts.write_csv(file) if kind == "csv" else texts.write_parquet(file)
    assert (len(records(run(file))) == 50) is (kind == "csv")


SCORES = np.array([[0.25, 0.75], [0.9, 0.1]], np.float32)
TARGETS: list[tuple[Classes | Quantity, np.ndarray]] = [
    (Classes("y", "", ("no", "yes")), SCORES),
    (Classes("y", "", ("a", "b", "c")), np.hstack([SCORES, SCORES[:, :1]])),
    (Quantity("y", ""), SCORES[:, :1]),
]


@pytest.mark.parametrize(("target", "scores"), TARGETS)
def test_a_part_holds_the_predictions_of_each_kind_of_target(
    target: Classes | Quantity, scores: np.ndarray
) -> None:
    predictions = Predictions(scores, target, 0.75)
    part = part_table(pl.Series("key", ["a", "b"]), predictions, "v")
    assert part.drop("key", "model_version").rows(named=True) == predictions.records()
    assert part["key"].to_list() == ["a", "b"]
