"""A sample of the predictions is kept, and whatever becomes of it, requests are answered."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.serving.records import days, drawn, read_predictions
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.metrics import Metrics
from modelyard.serving.rest.recorder import MOST_WAITING_ROWS, Recorder

from tests.runtime.rest_client import body, running
from tests.runtime.rest_load import load, serving_apart

from examples import ROWS

NOON = 1_380_628_800.25  # 2013-10-01T12:00:00.250Z


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path)
    return Recorder(limits, Metrics(SCHEMA), "w", lambda: NOON)


def recorded(folder: Path) -> list[dict[str, Any]]:
    return [line for day in days(folder) for line in read_predictions(day)]


def sample(recorder: Recorder, name: str, **labels: str) -> float | None:
    return recorder.metrics.registry.get_sample_value(name, labels)


def events(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line["reason"] for line in lines if "event" in line]


def keep(recorder: Recorder, times: int = 1) -> None:
    for number in range(times):
        recorder.keep(f"id-{number}", "v1", [{"a": 1.0}], [{"prediction": 2.0}])


def test_a_request_is_kept_as_it_was_answered(tmp_path: Path) -> None:
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path)
    with running(limits) as client:
        answer = client.post("/predict", json=body(), headers={"x-request-id": "order-7"}).json()
    lines = recorded(tmp_path)
    assert [(line["request_id"], line["row"]) for line in lines] == [
        ("order-7", place) for place in range(len(ROWS))
    ]
    assert [line["values"] for line in lines] == ROWS
    assert {line["model_version"] for line in lines} == {answer["model_version"]}
    names = answer["predictions"][0].keys()
    assert [{name: line[name] for name in names} for line in lines] == answer["predictions"]


def test_the_day_is_that_of_the_request(recorder: Recorder, tmp_path: Path) -> None:
    keep(recorder)
    recorder.close()
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["predictions-w.jsonl"]
    assert recorded(tmp_path)[0]["time"] == "2013-10-01T12:00:00.250Z"
    assert (tmp_path / "2013-10-01").is_dir()


def test_without_a_share_nothing_is_kept_and_no_folder_made(tmp_path: Path) -> None:
    with running(Limits(rest_record_dir=tmp_path / "requests")) as client:
        client.post("/predict", json=body())
    assert list(tmp_path.iterdir()) == []


def test_only_drawn_requests_are_kept(tmp_path: Path) -> None:
    limits = Limits(rest_record_share=0.3, rest_record_dir=tmp_path)
    recorder = Recorder(limits, Metrics(SCHEMA), "w", lambda: NOON)
    keep(recorder, 200)
    recorder.close()
    wanted = [f"id-{number}" for number in range(200) if drawn(f"id-{number}", 0.3)]
    assert [line["request_id"] for line in recorded(tmp_path)] == wanted


def test_a_day_takes_no_more_bytes_than_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path, rest_record_max_bytes=1000)
    recorders = [Recorder(limits, Metrics(SCHEMA), writer, lambda: NOON) for writer in "ab"]
    for recorder in recorders * 10:
        keep(recorder)
        recorder.flush()
    kept = sum(path.stat().st_size for path in tmp_path.rglob("*.jsonl"))
    assert 800 < kept <= 1000
    lost = [sample(one, "unrecorded_rows_total", reason="day_full") for one in recorders]
    assert sum(filter(None, lost)) == 20 - len(recorded(tmp_path))
    assert events(capsys) == ["day_full", "day_full"]


def test_a_folder_that_cannot_be_written_is_told_once_and_requests_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path / "file")
    with running(limits) as client:
        for _ in range(3):
            assert client.post("/predict", json=body()).status_code == 200
            time.sleep(0.3)
        told = client.get("/metrics").text
    assert 'unrecorded_rows_total{reason="disk"} ' + f"{3 * len(ROWS)}.0" in told
    assert events(capsys) == ["disk"]


def test_more_than_can_be_written_is_dropped_not_piled_up(recorder: Recorder) -> None:
    recorder.write_all = recorder.closing.wait  # type: ignore[method-assign,assignment]
    keep(recorder, MOST_WAITING_ROWS + 7)
    assert len(recorder.waiting) == MOST_WAITING_ROWS
    assert sample(recorder, "unrecorded_rows_total", reason="busy") == 7
    recorder.flush()
    assert sample(recorder, "recorded_rows_total") == MOST_WAITING_ROWS


def test_under_load_every_drawn_row_is_kept_once(tmp_path: Path) -> None:
    with serving_apart(REST_RECORD_SHARE="1", REST_RECORD_DIR=str(tmp_path)) as place:
        answers = load(place, connections=4, each=50)
    names = [answer.head.split("x-request-id: ")[1].split("\n")[0] for answer in answers]
    wanted = {(name, place) for name in names for place in range(len(ROWS))}
    lines = recorded(tmp_path)
    assert {(line["request_id"], line["row"]) for line in lines} == wanted
    assert len(lines) == len(wanted) == 200 * len(ROWS)
