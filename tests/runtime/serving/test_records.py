"""Format of the records of predictions and labels."""

import errno
from pathlib import Path
from typing import Any

import pytest
from modelyard.serving.records import (
    append,
    is_sampled,
    label_line,
    prediction_files,
    prediction_lines,
    read_labels,
    read_lines,
)

TIME = "2013-10-01T12:00:00.000Z"
ROWS: list[dict[str, Any]] = [{"a": 1.5, "b": "é\n"}, {"a": None, "b": 'x"y'}]
PREDICTIONS = [{"prediction": "yes", "score": 0.75}, {"prediction": "no", "score": 0.1}]


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day with a request of two rows, in a file of each of two processes."""
    day = tmp_path / "2013-10-01"
    for writer, name in (("x", "one"), ("y", "two")):
        lines = prediction_lines(name, TIME, "v1", ROWS, PREDICTIONS)
        append(day / f"predictions-{writer}.jsonl", lines)
    return day


def test_written_predictions_are_read(day: Path) -> None:
    read = list(read_lines(prediction_files(day)))
    assert len(read) == 4
    assert read[1] == {
        "request_id": "one",
        "row": 1,
        "time": TIME,
        "model_version": "v1",
        "values": ROWS[1],
        **PREDICTIONS[1],
    }


def test_an_incomplete_line_is_skipped(day: Path) -> None:
    with (day / "predictions-x.jsonl").open("ab") as file:
        file.write(prediction_lines("cut", TIME, "v1", ROWS[:1], PREDICTIONS[:1])[:-5])
    assert len(list(read_lines(prediction_files(day)))) == 4


def test_labels_are_read_by_request_and_row(day: Path) -> None:
    append(day / "labels.jsonl", label_line(("one", 0), TIME, "yes") + b'{"cut":')
    append(day / "labels.jsonl", label_line(("one", 1), TIME, 2.5))
    assert read_labels(day) == {("one", 0): "yes", ("one", 1): 2.5}


@pytest.mark.parametrize(("share", "least", "most"), [(0, 0, 0), (0.2, 150, 250), (1, 1000, 1000)])
def test_a_share_of_the_requests_is_sampled_and_always_the_same(
    share: float, least: int, most: int
) -> None:
    sample = [number for number in range(1000) if is_sampled(f"id-{number}", share)]
    assert least <= len(sample) <= most
    assert sample == [number for number in range(1000) if is_sampled(f"id-{number}", share)]


def test_a_larger_sample_contains_a_smaller_one() -> None:
    small, large = ({n for n in range(500) if is_sampled(str(n), share)} for share in (0.1, 0.3))
    assert small < large


def test_which_requests_are_sampled_never_changes() -> None:
    assert [name for name in "abcdefghij" if is_sampled(name, 0.3)] == list("acefhj")


def test_a_full_disk_leaves_only_complete_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    append(path, b"first\n")

    class Full:
        def __init__(self, file: Any) -> None:
            self.file, self.left = file, 3

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, content: memoryview) -> int:
            if not self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            written, self.left = self.file.write(content[: self.left]), 0
            return int(written)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    real = Path.open
    monkeypatch.setattr(Path, "open", lambda *args, **kwargs: Full(real(*args, **kwargs)))
    with pytest.raises(OSError, match="No space"):
        append(path, b"second\n")
    monkeypatch.undo()
    assert path.read_bytes() == b"first\n"
