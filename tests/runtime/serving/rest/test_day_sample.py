"""The sample of a day that exceeds its quota: even, bounded, counted, of all processes."""

import json
import multiprocessing
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flight_delays.schema import SCHEMA
from modelyard.models.metrics import measure
from modelyard.serving.records import (
    count_left_out,
    days,
    file_size,
    lowest_tier,
    prediction_files,
    read_lines,
    tier,
)
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.recorder import Recorder
from modelyard.serving.rest.telemetry import Metrics

NOON = 1_380_628_800.25  # 2013-10-01T12:00:00.250Z
DAY = "2013-10-01"
SIZE = 140  # bytes of a record, about


def recorder(folder: Path, quota: int, writer: str = "w", clock: float = NOON) -> Recorder:
    limits = Limits(rest_record_share=1.0, rest_record_dir=folder, rest_record_max_bytes=quota)
    return Recorder(limits, Metrics(SCHEMA), writer, lambda: clock)


def keep(recorder: Recorder, numbers: Iterable[int], score: float = 0.5, rows: int = 1) -> None:
    """Record a request for each number, and write them."""
    for number in numbers:
        one, prediction = [{"a": 1.0}] * rows, [{"score": score}] * rows
        recorder.record(f"id-{number}", "v1", one, prediction)
    recorder.flush()


def recorded(folder: Path) -> list[int]:
    """Return the numbers of the recorded requests."""
    lines = (line for day in days(folder) for line in read_lines(prediction_files(day)))
    return sorted(int(line["request_id"].removeprefix("id-")) for line in lines)


def used(folder: Path) -> int:
    return sum(map(file_size, folder.rglob("predictions-*.jsonl")))


def value(recorder: Recorder, name: str, **labels: str) -> float:
    return recorder.metrics.registry.get_sample_value(name, labels) or 0.0


def expected(folder: Path, count: int) -> list[int]:
    """Return the requests of the tiers that are still recorded."""
    lowest = lowest_tier(folder / DAY)
    return [number for number in range(count) if tier(f"id-{number}") >= lowest]


def test_the_sample_is_the_requests_of_the_upper_tiers_of_all_processes(tmp_path: Path) -> None:
    recorders = [recorder(tmp_path, 100 * SIZE, writer) for writer in "ab"]
    for start in range(0, 2000, 20):
        keep(recorders[start // 20 % 2], range(start, start + 20))
        assert used(tmp_path) <= 100 * SIZE
    assert recorded(tmp_path) == expected(tmp_path, 2000)
    assert len(recorded(tmp_path)) > 30


def test_rows_that_are_left_out_are_counted_and_logged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = recorder(tmp_path, 50 * SIZE)
    for start in range(0, 900, 30):
        keep(one, range(start, start + 30), rows=1)
    left_out = 900 - len(recorded(tmp_path))
    assert count_left_out(tmp_path / DAY) == left_out
    assert value(one, "unrecorded_rows_total", reason="day_full") == left_out
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["reason"] for event in events] == ["day_full"]
    assert "would exceed REST_RECORD_MAX_BYTES" in events[0]["error"]


def test_a_day_within_its_quota_is_complete_and_has_no_state(tmp_path: Path) -> None:
    keep(recorder(tmp_path, 200 * SIZE), range(100))
    assert recorded(tmp_path) == [*range(100)]
    assert not list((tmp_path / DAY).glob("sample*"))


def test_a_process_that_starts_later_records_the_same_tiers(tmp_path: Path) -> None:
    keep(recorder(tmp_path, 50 * SIZE), range(500))
    keep(recorder(tmp_path, 50 * SIZE, "restarted"), range(500, 1000))
    assert recorded(tmp_path) == expected(tmp_path, 1000)


def test_the_next_day_starts_with_all_requests(tmp_path: Path) -> None:
    keep(recorder(tmp_path, 50 * SIZE), range(500))
    keep(recorder(tmp_path, 50 * SIZE, "next", NOON + 86_400), range(500, 530))
    assert [n for n in recorded(tmp_path) if n >= 500] == [*range(500, 530)]


@pytest.mark.parametrize("rows", [1, 100])
def test_a_request_beyond_the_quota_is_left_out_and_removes_no_other(
    rows: int, tmp_path: Path
) -> None:
    one = recorder(tmp_path, 20 * SIZE)
    keep(one, range(10))
    keep(one, [10], rows=rows)
    assert recorded(tmp_path) == [*range(11 if rows == 1 else 10)]
    assert value(one, "unrecorded_rows_total", reason="day_full") == (0 if rows == 1 else 100)


def test_records_of_batch_runs_and_replays_stay_and_do_not_count(tmp_path: Path) -> None:
    other = tmp_path / DAY / "predictions-batch-0123456789abcdef.jsonl"
    other.parent.mkdir()
    other.write_bytes(b"{}\n" * 1000)
    keep(recorder(tmp_path, 50 * SIZE), range(40))
    assert other.stat().st_size == 3000
    other.unlink()
    assert len(recorded(tmp_path)) == 40


def test_drift_at_noon_shows_in_the_sample_as_in_all_requests(tmp_path: Path) -> None:
    """Traffic is uneven, too: most of it comes after noon, when the model is worse."""
    draw, count = np.random.default_rng(4), 12_000
    labels = draw.integers(0, 2, count)
    drifted = np.arange(count) >= count // 3
    scores = 1 / (1 + np.exp(-draw.normal(size=count) - np.where(drifted, 0.2, 2.0) * labels))
    quota = 3000 * SIZE
    one = recorder(tmp_path, quota)
    for start in range(0, count, 100):
        for number in range(start, start + 100):
            prediction: list[dict[str, Any]] = [{"score": float(scores[number])}]
            one.record(f"id-{number}", "v1", [{"a": 1.0}], prediction)
        one.flush()
    sample = np.array(recorded(tmp_path))

    def roc_auc(rows: np.ndarray) -> float:
        chosen = np.stack([1 - scores[rows], scores[rows]], axis=1)
        return measure("binary", labels[rows], chosen, 0.5)["roc_auc"]

    by_arrival = np.arange(len(sample))  # what a quota that is full before noon would hold
    assert quota / 2.5 < used(tmp_path) <= quota
    assert abs(roc_auc(sample) - roc_auc(np.arange(count))) < 0.025
    assert abs(roc_auc(by_arrival) - roc_auc(np.arange(count))) > 0.1
    assert abs(drifted[sample].mean() - drifted.mean()) < 0.04


def record_in_process(folder: Path, writer: str, numbers: range, quota: int) -> None:
    one = recorder(folder, quota, writer)
    for start in numbers[::10]:
        keep(one, range(start, start + 10))
        time.sleep(0.001)


def test_processes_at_once_keep_the_quota_and_one_sample(tmp_path: Path) -> None:
    quota, spawn = 60 * SIZE, multiprocessing.get_context("fork")
    workers = [
        spawn.Process(
            target=record_in_process,
            args=(tmp_path, f"p{n}", range(300 * n, 300 * n + 300), quota),
        )
        for n in range(3)
    ]
    for worker in workers:
        worker.start()
    most = 0
    while any(worker.is_alive() for worker in workers):
        most = max(most, used(tmp_path))
    for worker in workers:
        worker.join()
    assert max(most, used(tmp_path)) <= quota
    assert recorded(tmp_path) == expected(tmp_path, 900)
