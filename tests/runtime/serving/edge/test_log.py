"""The log keeps the latest rows within its maximum size, and never stops a prediction."""

import json
from pathlib import Path
from typing import Any

import pytest
from modelyard.serving.edge.log import Log, read_log

NOON, ROWS, BYTES = "2024-05-01T12:00:00+00:00", 4, 256


def log(path: Path, rows: int = ROWS, row_bytes: int = BYTES, warn: bool = False) -> Log:
    return Log(path, rows, row_bytes, warn=warn)


def keep(one: Log, *numbers: int) -> None:
    lines = [b'{"n": %d}' % number for number in numbers]
    one.add(NOON, lines, [b'{"prediction": %d}' % number for number in numbers])


def kept(path: Path) -> list[Any]:
    return [(record["number"], record["row"]["n"]) for record in read_log(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edge.log"


def test_a_record_holds_time_row_and_prediction(path: Path) -> None:
    keep(log(path), 5)
    assert read_log(path) == [
        {"number": 0, "time": NOON, "row": {"n": 5}, "answer": {"prediction": 5}}
    ]


def test_there_is_no_file_before_the_first_row(path: Path) -> None:
    log(path)
    assert not path.exists()
    assert read_log(path) == []


@pytest.mark.parametrize("count", [1, ROWS, ROWS + 1, 3 * ROWS + 1])
def test_the_newest_rows_are_kept_and_the_file_does_not_grow(path: Path, count: int) -> None:
    one = log(path)
    for number in range(count):
        keep(one, number)
    assert kept(path) == [(number, number) for number in range(max(0, count - ROWS), count)]
    assert path.stat().st_size == min(count, ROWS) * BYTES


def test_of_more_rows_than_slots_the_newest_are_kept(path: Path) -> None:
    keep(log(path), *range(10))
    assert [row for _, row in kept(path)] == [6, 7, 8, 9]


def test_a_new_process_goes_on_where_the_last_one_ended(path: Path) -> None:
    keep(log(path), 0, 1, 2, 3, 4)
    keep(log(path), 5)
    assert kept(path) == [(number, number) for number in (2, 3, 4, 5)]


def test_a_damaged_slot_is_skipped(path: Path) -> None:
    keep(log(path), 0, 1, 2)
    content = bytearray(path.read_bytes())
    content[BYTES + 20 : BYTES + 40] = b"\0" * 20
    path.write_bytes(content)
    assert [row for _, row in kept(path)] == [0, 2]


def test_of_a_long_row_only_the_prediction_is_kept(path: Path) -> None:
    log(path).add(NOON, [json.dumps("x" * BYTES).encode()], [b'{"prediction": 1}'])
    (record,) = read_log(path)
    assert (record["row"], record["answer"]) == (None, {"prediction": 1})


def test_of_a_long_prediction_only_the_number_is_kept(path: Path) -> None:
    log(path).add(NOON, [b"{}"], [json.dumps("x" * BYTES).encode()])
    assert read_log(path) == [{"number": 0}]
    assert path.stat().st_size == BYTES


def test_a_line_that_is_not_json_is_kept_as_text(path: Path) -> None:
    log(path).add(NOON, [b"\xff{"], [b"{}"])
    assert [record["row"] for record in read_log(path)] == ["\ufffd{"]


def test_a_log_of_other_sizes_is_overwritten(path: Path) -> None:
    keep(log(path), 0, 1, 2)
    keep(log(path, row_bytes=2 * BYTES), 7)
    assert kept(path) == [(0, 7)]
    keep(log(path, rows=2, row_bytes=2 * BYTES), 8)
    assert kept(path) == [(0, 7), (1, 8)]


def test_no_rows_means_no_log(path: Path) -> None:
    keep(log(path, rows=0), 1)
    assert not path.exists()


@pytest.mark.parametrize(("warn", "message"), [(True, "warning: cannot write "), (False, "")])
def test_a_log_that_cannot_be_written_does_not_stop_the_device(
    warn: bool, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = log(tmp_path / "no such folder" / "edge.log", warn=warn)
    keep(one, 1)
    keep(one, 2)
    assert capsys.readouterr().err.startswith(message)
    assert len(capsys.readouterr().err) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_row_with_any_line_end_among_its_columns_stays_one_record(path: Path) -> None:
    one = log(path)
    lines = [b'{"n":\r1}', '{"n": "a\x85\u2028b"}'.encode(), b'{"n": 3}\r']
    one.add(NOON, lines, [b"{}"] * 3)
    keep(log(path), 4)
    assert kept(path) == [(0, 1), (1, "a\x85\u2028b"), (2, 3), (3, 4)]
