"""Reading of records into arrays, with a count of invalid lines."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.monitoring import records as reading
from modelyard.monitoring.records import Records, read_records, recorded_days
from modelyard.schema.contract import Classes, Schema
from modelyard.serving.records import append, label_line, prediction_lines
from modelyard.serving.rest import day_sample

from tests.runtime.orders import COLUMNS, ORDER, ORDERS, PROFITS

DAY = date(2024, 6, 1)
TIME = "2024-06-01T12:00:00.000Z"
THREE = Schema(COLUMNS, Classes("fate", "", values=("kept", "lost", "returned")), key="order")
PREDICTIONS = [{"prediction": "returned", "score": 0.75}, {"prediction": "kept", "score": 0.25}]


def write(folder: Path, predictions: list[dict[str, Any]], day: date = DAY, **row: Any) -> Path:
    """Record predictions for an order with some columns changed."""
    file = folder / day.isoformat() / "predictions-x.jsonl"
    append(file, prediction_lines("one", TIME, "v1", [ORDER | row] * len(predictions), predictions))
    return file


def read(folder: Path, schema: Schema = ORDERS) -> Records:
    return read_records(recorded_days([folder], DAY), schema)


def test_rows_scores_and_labels_are_joined(tmp_path: Path) -> None:
    file = write(tmp_path, PREDICTIONS, weight=2.5)
    append(file.parent / "labels.jsonl", label_line(("one", 1), TIME, "returned"))
    found = read(tmp_path)
    assert found.rows["weight"].tolist() == [2.5, 2.5]
    assert sorted(found.rows) == ["country", "payment", "price", "weight"]
    assert found.scores.tolist() == [[0.25, 0.75], [0.75, 0.25]]
    assert found.labels.tolist()[1] == 1
    assert np.isnan(found.labels[0])
    assert (found.days.tolist(), found.versions.tolist()) == ([DAY] * 2, ["v1"] * 2)


def test_scores_of_several_classes_are_in_the_order_of_the_schema(tmp_path: Path) -> None:
    scores = {"returned": 0.5, "kept": 0.25, "lost": 0.25}
    file = write(tmp_path, [{"prediction": "returned", "scores": scores}])
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, "lost"))
    found = read(tmp_path, THREE)
    assert (found.scores.tolist(), found.labels.tolist()) == ([[0.25, 0.25, 0.5]], [1])


def test_regression_predictions_and_labels_are_numbers(tmp_path: Path) -> None:
    file = write(tmp_path, [{"prediction": -2.5}])
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, 3.5))
    found = read(tmp_path, PROFITS)
    assert (found.scores.tolist(), found.labels.tolist()) == ([[-2.5]], [3.5])


def test_a_truncated_line_is_counted_and_the_others_are_read(tmp_path: Path) -> None:
    file = write(tmp_path, PREDICTIONS)
    with file.open("ab") as half:
        half.write(file.read_bytes()[:70])
    found = read(tmp_path)
    assert (len(found), found.broken) == (2, {"line": 1})


@pytest.mark.parametrize("score", [float("nan"), float("inf"), 1.5, None])
def test_an_invalid_score_is_counted(score: Any, tmp_path: Path) -> None:
    write(tmp_path, [{"prediction": "kept", "score": score}, *PREDICTIONS])
    found = read(tmp_path)
    assert (len(found), found.broken) == (2, {"score": 1})


def test_a_row_that_violates_the_schema_is_counted_under_its_column(tmp_path: Path) -> None:
    write(tmp_path, PREDICTIONS, price=-1.0)
    assert read(tmp_path).broken == {"price": 2}


def test_an_invalid_label_is_ignored(tmp_path: Path) -> None:
    file = write(tmp_path, PREDICTIONS)
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, "eaten"))
    append(file.parent / "labels.jsonl", b'{"label":"kept"}\n')
    assert np.isnan(read(tmp_path).labels).all()


def test_later_days_and_days_without_records_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, PREDICTIONS)
    write(tmp_path, PREDICTIONS, date(2024, 6, 2))
    (tmp_path / "2024-05-31").mkdir()
    assert [day for day, _ in recorded_days([tmp_path], DAY)] == [DAY]


def test_a_missing_folder_has_no_records(tmp_path: Path) -> None:
    found = read(tmp_path / "nowhere")
    assert (len(found), found.scores.shape, found.broken) == (0, (0, 2), {})


def test_a_folder_with_an_invalid_date_is_refused(tmp_path: Path) -> None:
    write(tmp_path, PREDICTIONS).parent.rename(tmp_path / "2024-06-31")
    with pytest.raises(UserError, match="2024-06-31: the name must be a date"):
        read(tmp_path)


def test_a_day_whose_lower_tier_is_deleted_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower, upper = (tmp_path / str(DAY) / f"predictions-w-0{tier}.jsonl" for tier in (0, 1))
    for file, name in ((lower, "one"), (upper, "two")):
        append(file, prediction_lines(name, TIME, "v1", [ORDER], PREDICTIONS[:1]))
    real = reading.valid_lines

    def valid_lines(*words: Any) -> Any:
        """Read, then delete the lower tier as the service does."""
        found = list(real(*words))
        if lower.exists():
            day_sample.leave_out(lower.parent, "w", 1, 0)
            day_sample.delete(lower, "w", 1)
        return found

    monkeypatch.setattr(reading, "valid_lines", valid_lines)
    found = read(tmp_path)
    assert (len(found), found.left_out) == (1, 1)
