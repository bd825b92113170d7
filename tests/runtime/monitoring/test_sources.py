"""Records are copied to object storage and read from it; missing ones are an incident."""

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import fsspec
import pytest
from modelyard.console import UserError
from modelyard.monitoring.report import MonitorSettings
from modelyard.monitoring.sources import download, read_sources, upload, why_blind

from tests.runtime.monitored import LIMITS

URL = "memory://bucket/records"
DAY = date(2013, 10, 2)
FILE = Path("2013-10-02", "predictions-w.jsonl")


@pytest.fixture(autouse=True)
def bucket() -> Any:
    """An empty store in memory."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    return system


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records of a day: two lines of predictions and one of labels."""
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(b'{"a":1}\n{"a":2}\n')
    (tmp_path / FILE).with_name("labels-w.jsonl").write_bytes(b'{"b":1}\n')
    return tmp_path


def fetched(folder: Path, first: date = DAY, last: date = DAY) -> dict[str, bytes]:
    """Return the content of each recorded file in the store."""
    target = folder / f"fetched-{len(list(folder.iterdir()))}"
    download(URL, target, first, last)
    found: dict[str, bytes] = {}
    for path in sorted(target.glob("*/*")):
        found[f"{path.parent.name}/{path.stem}"] = path.read_bytes()
    return found


def test_records_come_back_as_they_were(folder: Path) -> None:
    assert upload(folder, URL) == 24
    assert fetched(folder) == {
        "2013-10-02/labels-w": b'{"b":1}\n',
        "2013-10-02/predictions-w": b'{"a":1}\n{"a":2}\n',
    }


def test_a_repeated_copy_copies_nothing(folder: Path) -> None:
    upload(folder, URL)
    assert upload(folder, URL) == 0


def test_only_complete_lines_are_copied_and_the_rest_later(folder: Path) -> None:
    with (folder / FILE).open("ab") as file:
        file.write(b'{"a":')
    assert upload(folder, URL) == 24
    with (folder / FILE).open("ab") as file:
        file.write(b"3}\n")
    assert upload(folder, URL) == 24
    assert fetched(folder)["2013-10-02/predictions-w"] == (folder / FILE).read_bytes()


def test_an_interrupted_copy_goes_on_where_it_ended(
    folder: Path, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, lost = type(bucket).pipe_file, "labels"

    def fail(self: Any, path: str, *words: Any, **options: Any) -> None:
        if lost in path:
            raise OSError("connection lost")
        write(self, path, *words, **options)

    monkeypatch.setattr(type(bucket), "pipe_file", fail)
    with pytest.raises(UserError, match=r"^memory://bucket/records cannot be used: connection"):
        upload(folder, URL)
    lost = "nothing"
    upload(folder, URL)
    assert upload(folder, URL) == 0
    assert len(fetched(folder)) == 2


def test_a_replaced_file_is_replaced_there(folder: Path) -> None:
    upload(folder, URL)
    (folder / FILE).write_bytes(b"{}\n")
    assert upload(folder, URL) == 3
    assert fetched(folder)["2013-10-02/predictions-w"] == b"{}\n"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (2, 2, {"2013-10-02"}),
        (1, 2, {"2013-10-01", "2013-10-02"}),
        (5, 9, {"2013-10-03"}),
        (1, 1, {"2013-10-01"}),
    ],
)
def test_only_the_days_of_the_window_or_the_newest_are_read(
    folder: Path, first: int, last: int, days: set[str]
) -> None:
    for day in (1, 3):
        other = folder / f"2013-10-0{day}" / "predictions-w.jsonl"
        other.parent.mkdir()
        other.write_bytes(b"{}\n")
    upload(folder, URL)
    found = fetched(folder, date(2013, 10, first), date(2013, 10, last))
    assert {name.split("/")[0] for name in found} == days


def test_a_file_that_is_deleted_within_a_day_is_deleted_there_but_not_whole_days(
    folder: Path,
) -> None:
    upload(folder, URL)
    (folder / FILE).unlink()
    upload(folder, URL)
    assert list(fetched(folder)) == ["2013-10-02/labels-w"]
    shutil.rmtree(folder / "2013-10-02")
    upload(folder, URL)
    assert list(fetched(folder)) == ["2013-10-02/labels-w"]


def test_another_object_in_the_store_is_left_alone(folder: Path, bucket: Any) -> None:
    bucket.pipe_file("/bucket/records/../../x/2013-10-02/predictions.jsonl", b"{}\n")
    bucket.pipe_file("/bucket/records/2013-10-02/note.txt", b"hello")
    assert fetched(folder) == {}


@pytest.mark.parametrize(
    ("url", "message"),
    [("nothing://bucket", "Protocol not known"), ("s3://bucket", "s3fs"), ("file:///none/x", "")],
)
def test_a_url_that_cannot_be_written_is_reported_in_one_line(
    url: str, message: str, folder: Path
) -> None:
    with pytest.raises(UserError, match=f"^{url} cannot be used: ") as error:
        upload(folder, url)
    assert message in str(error.value)


def blind(today: date, **settings: Any) -> list[str]:
    chosen = MonitorSettings(as_of=today, **settings)
    with read_sources(chosen, today - timedelta(days=29)) as sources:
        return [text for one in sources if (text := why_blind(*one, today, LIMITS))]


def test_missing_records_are_an_incident_where_recording_is_on(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    for setting, value in (("rest_record_share", 0.1), ("batch_record_rows", 5)):
        target = setting.split("_")[0]
        places = {f"{target}_record_dir": missing, setting: value}
        (text,) = blind(DAY, **places)
        assert text == f"no record, although {setting.upper()} records to {missing}"
    assert blind(DAY, record_url=URL) == [f"no record, although RECORD_URL is {URL}"]
    assert blind(DAY, rest_record_dir=missing, batch_record_dir=missing) == []


def test_an_empty_folder_is_an_incident_after_the_allowed_silence(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    for later, count in [(0, 0), (LIMITS.max_silent_days, 0), (LIMITS.max_silent_days + 1, 1)]:
        day = today + timedelta(days=later)
        assert len(blind(day, rest_record_dir=tmp_path, rest_record_share=1.0)) == count


def test_a_target_that_stopped_is_an_incident_although_another_records(
    folder: Path, tmp_path: Path
) -> None:
    today = DAY + timedelta(days=30)
    other = tmp_path / "batch" / str(today) / "predictions-batch-x.jsonl"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"{}\n")
    places = {"rest_record_dir": folder, "batch_record_dir": other.parents[1]}
    (text,) = blind(today, **places, rest_record_share=1.0, batch_record_rows=5)
    assert text == f"no record since {DAY}, although REST_RECORD_SHARE records to {folder}"
    assert blind(DAY, **places, rest_record_share=1.0) == []


def test_a_folder_that_may_not_be_read_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (folder, folder / "2013-10-02"):
        monkeypatch.setattr(os, "access", lambda place, _, refused=path: Path(place) != refused)
        with pytest.raises(UserError, match=f"^{path} cannot be read by this user"):
            blind(DAY, rest_record_dir=folder)
