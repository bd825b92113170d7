"""Records on disk become arrays, and what cannot be used is counted."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.monitoring.records import Recorded, read_recorded, recorded_days
from modelyard.schema.contract import Classes, Schema
from modelyard.serving.records import append, label_line, prediction_lines

from tests.runtime.orders import COLUMNS, ORDER, ORDERS, PROFITS

DAY = date(2024, 6, 1)
TIME = "2024-06-01T12:00:00.000Z"
THREE = Schema(COLUMNS, Classes("fate", "", values=("kept", "lost", "returned")), key="order")
SAID = [{"prediction": "returned", "score": 0.75}, {"prediction": "kept", "score": 0.25}]


def write(folder: Path, said: list[dict[str, Any]], day: date = DAY, **row: Any) -> Path:
    """Record predictions for an order that is changed in some columns."""
    file = folder / day.isoformat() / "predictions-x.jsonl"
    append(file, prediction_lines("one", TIME, "v1", [ORDER | row] * len(said), said))
    return file


def read(folder: Path, schema: Schema = ORDERS) -> Recorded:
    return read_recorded(recorded_days([folder], DAY), schema)


def test_rows_scores_and_late_labels_are_joined(tmp_path: Path) -> None:
    file = write(tmp_path, SAID, weight=2.5)
    append(file.parent / "labels.jsonl", label_line(("one", 1), TIME, "returned"))
    found = read(tmp_path)
    assert found.rows["weight"].tolist() == [2.5, 2.5]
    assert sorted(found.rows) == ["country", "payment", "price", "weight"]
    assert found.scores.tolist() == [[0.25, 0.75], [0.75, 0.25]]
    assert found.labels.tolist()[1] == 1
    assert np.isnan(found.labels[0])
    assert (found.days.tolist(), found.versions.tolist()) == ([DAY] * 2, ["v1"] * 2)


def test_the_scores_of_several_classes_stand_in_the_schemas_order(tmp_path: Path) -> None:
    scores = {"returned": 0.5, "kept": 0.25, "lost": 0.25}
    file = write(tmp_path, [{"prediction": "returned", "scores": scores}])
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, "lost"))
    found = read(tmp_path, THREE)
    assert (found.scores.tolist(), found.labels.tolist()) == ([[0.25, 0.25, 0.5]], [1])


def test_numbers_are_read_as_numbers(tmp_path: Path) -> None:
    file = write(tmp_path, [{"prediction": -2.5}])
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, 3.5))
    found = read(tmp_path, PROFITS)
    assert (found.scores.tolist(), found.labels.tolist()) == ([[-2.5]], [3.5])


def test_a_line_that_was_cut_off_is_counted_and_the_others_are_read(tmp_path: Path) -> None:
    file = write(tmp_path, SAID)
    with file.open("ab") as half:
        half.write(file.read_bytes()[:70])
    found = read(tmp_path)
    assert (len(found), found.broken) == (2, {"line": 1})


@pytest.mark.parametrize("score", [float("nan"), float("inf"), 1.5, None])
def test_a_score_that_is_none_is_counted_as_broken(score: Any, tmp_path: Path) -> None:
    write(tmp_path, [{"prediction": "kept", "score": score}, *SAID])
    found = read(tmp_path)
    assert (len(found), found.broken) == (2, {"score": 1})


def test_a_row_that_breaks_the_schema_is_counted_by_its_column(tmp_path: Path) -> None:
    write(tmp_path, SAID, price=-1.0)
    assert read(tmp_path).broken == {"price": 2}


def test_a_label_that_is_no_class_does_not_count(tmp_path: Path) -> None:
    file = write(tmp_path, SAID)
    append(file.parent / "labels.jsonl", label_line(("one", 0), TIME, "eaten"))
    append(file.parent / "labels.jsonl", b'{"label":"kept"}\n')
    assert np.isnan(read(tmp_path).labels).all()


def test_days_later_than_the_last_and_days_without_records_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, SAID)
    write(tmp_path, SAID, date(2024, 6, 2))
    (tmp_path / "2024-05-31").mkdir()
    assert [day for day, _ in recorded_days([tmp_path], DAY)] == [DAY]


def test_where_nothing_was_recorded_nothing_is_read(tmp_path: Path) -> None:
    found = read(tmp_path / "nowhere")
    assert (len(found), found.scores.shape, found.broken) == (0, (0, 2), {})


def test_a_folder_that_is_named_as_no_day_is_refused(tmp_path: Path) -> None:
    write(tmp_path, SAID).parent.rename(tmp_path / "2024-06-31")
    with pytest.raises(UserError, match="2024-06-31 is named as no day"):
        read(tmp_path)
