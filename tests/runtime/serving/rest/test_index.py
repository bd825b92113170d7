"""The index of the records: it finds what a search would, and follows what changes."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from modelyard.serving.records import append, days, label_line, prediction_lines
from modelyard.serving.rest import index

TIME = "2013-10-01T12:00:00.000Z"
ROWS: list[dict[str, Any]] = [{"a": 1.5}, {"a": None}]
PREDICTIONS = [{"prediction": "yes"}, {"prediction": "no"}]
TODAY = "2013-10-03"


def add(day: Path, *names: str, writer: str = "x", time: str = TIME) -> None:
    lines = b"".join(prediction_lines(name, time, "v1", ROWS, PREDICTIONS) for name in names)
    append(day / f"predictions-{writer}.jsonl", lines)


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day with a request of two rows, in a file of each of two processes."""
    day = tmp_path / "2013-10-01"
    add(day, "one")
    add(day, "two", writer="y")
    return day


def find(day: Path, *keys: tuple[str, int], recent: str = TODAY) -> dict[Any, Any]:
    return index.find(day.parent, keys, recent, day.parent)


def test_predictions_are_found_by_request_and_row(day: Path) -> None:
    found = find(day, ("one", 0), ("two", 1), ("two", 2), ("three", 0), ("on", 0))
    assert found == {("one", 0): (day, TIME, None), ("two", 1): (day, TIME, None)}


def test_the_newest_of_two_requests_with_the_same_id_is_found(day: Path) -> None:
    newer = day.parent / "2013-10-02"
    add(newer, "one", writer="z", time="2013-10-02T01:00:00.000Z")
    assert days(day.parent) == [newer, day]
    assert find(day, ("one", 0))["one", 0][0] == newer


def test_an_incomplete_line_is_found_when_it_is_complete(day: Path) -> None:
    line = prediction_lines("cut", TIME, "v1", ROWS[:1], PREDICTIONS[:1])
    with (day / "predictions-x.jsonl").open("ab") as file:
        file.write(line[:-5])
    assert find(day, ("cut", 0), recent=day.name) == {}
    with (day / "predictions-x.jsonl").open("ab") as file:
        file.write(line[-5:])
    assert ("cut", 0) in find(day, ("cut", 0), recent=day.name)


def test_lines_of_another_shape_are_skipped(day: Path) -> None:
    append(day / "predictions-x.jsonl", b'{"request_id":["a"],"row":0,"time":"x"}\n[1]\n{}\ncut\n')
    append(day / "predictions-x.jsonl", b'{"request_id":"\\ud800","row":0,"time":"x"}\n')
    append(day / "predictions-x.jsonl", b'{"request_id":"a","row":1%b,"time":"x"}\n' % (b"0" * 30))
    append(day / "labels.jsonl", b'{"request_id":"one","row":0,"time":"x"}\n"\n')
    assert find(day, ("one", 0)) == {("one", 0): (day, TIME, None)}


def test_the_first_of_two_labels_is_found(day: Path) -> None:
    append(day / "labels.jsonl", label_line(("one", 0), TIME, "yes"))
    append(day / "labels.jsonl", label_line(("one", 0), TIME, "no"))
    assert find(day, ("one", 0))["one", 0] == (day, TIME, "yes")


def test_a_label_that_another_process_added_to_an_old_day_is_found(day: Path) -> None:
    find(day)
    append(day / "labels.jsonl", label_line(("one", 1), TIME, 2.5))
    assert find(day, ("one", 1))["one", 1] == (day, TIME, 2.5)


def delete_day(day: Path) -> None:
    shutil.rmtree(day)


def replace_file(day: Path) -> None:
    (day / "predictions-x.jsonl").write_bytes(b"")


def delete_file(day: Path) -> None:
    (day / "predictions-x.jsonl").unlink()


@pytest.mark.parametrize("change", [delete_day, replace_file, delete_file])
def test_a_deleted_prediction_is_no_longer_found(day: Path, change: Callable[[Path], None]) -> None:
    assert find(day, ("one", 0))
    change(day)
    assert find(day, ("one", 0), recent=day.name) == {}


@pytest.mark.parametrize("content", [None, b"", b"no database, " * 1000])
def test_a_lost_or_damaged_index_is_made_again(day: Path, content: bytes | None) -> None:
    expected = find(day, ("one", 0))
    path = day.parent / "index.sqlite"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert find(day, ("one", 0)) == expected != {}


def test_an_unknown_prediction_costs_no_search_of_old_days(
    day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(day)
    looked_at: list[str] = []
    add_day = index.add_day

    def add_and_note(db: sqlite3.Connection, one: Path) -> None:
        looked_at.append(one.name)
        add_day(db, one)

    monkeypatch.setattr(index, "add_day", add_and_note)
    add(day.parent / TODAY, "new")
    assert find(day, ("none", 0)) == {}
    assert looked_at == [TODAY]
    assert ("new", 0) in find(day, ("new", 0))
