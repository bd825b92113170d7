"""The sample of a day that several machines record: it is even, and all other rows are counted."""

import multiprocessing
import shutil
import time
from datetime import date
from pathlib import Path

import fsspec
import pytest
from flight_delays.schema import SCHEMA
from modelyard.monitoring.sources import download, upload
from modelyard.serving import records
from modelyard.serving.records import (
    append,
    count_left_out,
    days,
    lowest_tier,
    prediction_files,
    read_lines,
)
from modelyard.serving.records import tier as tier_of
from modelyard.serving.rest import day_sample
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.recorder import Recorder
from modelyard.serving.rest.telemetry import Metrics

NOON = 1_380_628_800.25  # 2013-10-01T12:00:00.250Z
DAY = "2013-10-01"
SIZE = 140  # bytes of a record, about
QUOTA = 60 * SIZE
PREDICTION = [{"score": 0.5}]


def machine(folder: Path, name: str, quota: int = QUOTA) -> Recorder:
    """Return the recorder of a machine with a disk of its own."""
    limits = Limits(
        rest_record_share=1.0,
        rest_record_dir=folder / "records",
        rest_index_dir=folder / f"disk-{name}",
        rest_record_max_bytes=quota,
    )
    return Recorder(limits, Metrics(SCHEMA), name, lambda: NOON)


def keep(recorder: Recorder, numbers: range) -> None:
    for number in numbers:
        recorder.record(f"id-{number}", "v1", [{"a": 1.0}], PREDICTION)
    recorder.flush()


def recorded(folder: Path) -> list[int]:
    lines = (line for day in days(folder) for line in read_lines(prediction_files(day)))
    return sorted(int(line["request_id"].removeprefix("id-")) for line in lines)


def assert_one_sample(folder: Path, count: int) -> None:
    """Check that all requests of the upper tiers are recorded, and that all others are counted."""
    lowest = lowest_tier(folder / DAY)
    assert lowest > 0
    wanted = [number for number in range(count) if tier_of(f"id-{number}") >= lowest]
    assert recorded(folder) == wanted
    assert len(wanted) + count_left_out(folder / DAY) == count


def used(folder: Path) -> int:
    files = (folder / "records" / DAY).glob("predictions-*")
    return sum(path.stat().st_size for path in files)


def test_machines_that_take_turns_keep_one_sample(tmp_path: Path) -> None:
    machines = [machine(tmp_path, name) for name in "ab"]
    for start in range(0, 2000, 20):
        keep(machines[start // 20 % 2], range(start, start + 20))
        assert used(tmp_path) <= QUOTA
    assert_one_sample(tmp_path / "records", 2000)
    assert len(recorded(tmp_path / "records")) > 20
    for name in "ab":
        assert len(list(tmp_path.glob(f"disk-{name}/records-*/recording.sqlite"))) == 1
    assert not list((tmp_path / "records").glob("*.sqlite"))


def test_files_of_a_machine_that_is_gone_are_deleted(tmp_path: Path) -> None:
    keep(machine(tmp_path, "dead"), range(50))
    for start in range(50, 1000, 50):
        keep(machine(tmp_path, "alive"), range(start, start + 50))
    assert_one_sample(tmp_path / "records", 1000)
    lowest = lowest_tier(tmp_path / "records" / DAY)
    assert not records.lower_files(tmp_path / "records" / DAY, lowest)
    assert used(tmp_path) <= QUOTA


def record_in_process(folder: Path, name: str, numbers: range) -> None:
    one = machine(folder, name)
    for start in numbers[::5]:
        keep(one, range(start, start + 5))
        time.sleep(0.0005)


@pytest.mark.parametrize("attempt", range(2))
def test_machines_at_once_keep_one_sample(attempt: int, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    workers = [
        fork.Process(target=record_in_process, args=(tmp_path, f"m{n}", range(n, n + 200)))
        for n in range(0, 600, 200)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    keep(machine(tmp_path, "last"), range(600, 601))
    assert used(tmp_path) <= QUOTA
    assert_one_sample(tmp_path / "records", 601)


@pytest.mark.parametrize("late", [False, True])
def test_rows_that_are_added_while_another_machine_deletes_the_file_are_counted_once(
    late: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, line = tmp_path / DAY / "predictions-a-00.jsonl", b'{"a":1}\n'
    append(path, line * 3)
    real = records.append

    def between(place: Path, content: bytes) -> None:
        """Let machine b delete the file after a has opened it, before or after a writes."""
        with path.open("ab") as opened:
            if not late:
                opened.write(content)
                opened.flush()
            monkeypatch.setattr(records, "append", real)
            assert day_sample.delete(path, "b", 1) == (3 if late else 5)
            if late:
                opened.write(content)

    monkeypatch.setattr(records, "append", between)
    assert day_sample.add(tmp_path / DAY, "a", 0, line * 2) == (2 if late else 0)
    assert count_left_out(tmp_path / DAY) == 5


def test_a_file_that_another_machine_has_claimed_is_not_counted_again(tmp_path: Path) -> None:
    path = tmp_path / DAY / "predictions-a-00.jsonl"
    append(path, b'{"a":1}\n')
    assert [day_sample.delete(path, name, 1) for name in "bc"] == [1, 0]
    assert count_left_out(tmp_path / DAY) == 1


def test_rows_of_a_claimed_file_that_a_crash_has_left_are_counted(tmp_path: Path) -> None:
    append(tmp_path / DAY / "claimed-b-predictions-a-00.jsonl", b'{"a":1}\n' * 4)
    assert count_left_out(tmp_path / DAY) == 4
    assert recorded(tmp_path) == []


@pytest.mark.parametrize("protocol", ["memory", "file"])
def test_the_copy_in_object_storage_is_the_same_sample(protocol: str, tmp_path: Path) -> None:
    fsspec.filesystem("memory").store.clear()
    (tmp_path / "bucket" / DAY).mkdir(parents=True)
    url = f"{protocol}://{tmp_path}/bucket" if protocol == "file" else "memory://bucket/sample"
    folder, machines = tmp_path / "records", [machine(tmp_path, name) for name in "ab"]
    for start in range(0, 1500, 20):
        keep(machines[start // 20 % 2], range(start, start + 20))
        if start % 500 == 0:
            upload(folder, url)
            shutil.rmtree(tmp_path / "copy", ignore_errors=True)
            download(url, tmp_path / "copy", date(2013, 10, 1), date(2013, 10, 1))
            assert recorded(tmp_path / "copy") == recorded(folder)
            assert count_left_out(tmp_path / "copy" / DAY) == count_left_out(folder / DAY)
    upload(folder, url)
    assert upload(folder, url) == 0
    shutil.rmtree(tmp_path / "copy")
    download(url, tmp_path / "copy", date(2013, 10, 1), date(2013, 10, 1))
    assert_one_sample(tmp_path / "copy", 1500)
    names = {path.name for path in (folder / DAY).iterdir()}
    assert {path.name for path in (tmp_path / "copy" / DAY).iterdir()} == names


def test_files_of_lower_tiers_are_not_read_but_counted_as_left_out(tmp_path: Path) -> None:
    keep(machine(tmp_path, "a", 10_000_000), range(40))
    folder = tmp_path / "records"
    day_sample.leave_out(folder / DAY, "b", 1, 0)
    assert_one_sample(folder, 40)
