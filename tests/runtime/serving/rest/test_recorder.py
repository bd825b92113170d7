"""Recording a sample of the predictions never fails a request."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.serving.records import days, is_sampled, prediction_files, read_lines
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.recorder import MAX_PENDING_ROWS, Recorder
from modelyard.serving.rest.telemetry import Metrics

from tests.runtime.rest_client import body, running
from tests.runtime.rest_load import load, running_service

from examples import ROWS

NOON = 1_380_628_800.25  # 2013-10-01T12:00:00.250Z


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path)
    return Recorder(limits, Metrics(SCHEMA), "w", lambda: NOON)


def recorded(folder: Path) -> list[dict[str, Any]]:
    return [line for day in days(folder) for line in read_lines(prediction_files(day))]


def sample(recorder: Recorder, name: str, **labels: str) -> float | None:
    return recorder.metrics.registry.get_sample_value(name, labels)


def events(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line["reason"] for line in lines if "event" in line]


def keep(recorder: Recorder, times: int = 1) -> None:
    for number in range(times):
        recorder.record(f"id-{number}", "v1", [{"a": 1.0}], [{"prediction": 2.0}])


def test_a_request_is_recorded_with_its_predictions(tmp_path: Path) -> None:
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
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["predictions-w-00.jsonl"]
    assert recorded(tmp_path)[0]["time"] == "2013-10-01T12:00:00.250Z"
    assert (tmp_path / "2013-10-01").is_dir()


def test_without_a_share_nothing_is_recorded_and_no_folder_is_created(tmp_path: Path) -> None:
    with running(Limits(rest_record_dir=tmp_path / "requests")) as client:
        client.post("/predict", json=body())
    assert list(tmp_path.iterdir()) == []


def test_only_sampled_requests_are_recorded(tmp_path: Path) -> None:
    limits = Limits(rest_record_share=0.3, rest_record_dir=tmp_path)
    recorder = Recorder(limits, Metrics(SCHEMA), "w", lambda: NOON)
    keep(recorder, 200)
    recorder.close()
    wanted = [f"id-{number}" for number in range(200) if is_sampled(f"id-{number}", 0.3)]
    assert sorted(line["request_id"] for line in recorded(tmp_path)) == sorted(wanted)


def test_a_write_error_is_logged_once_and_requests_succeed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path / "file")
    with running(limits) as client:
        for _ in range(3):
            assert client.post("/predict", json=body()).status_code == 200
            time.sleep(0.3)
        metrics = client.get("/metrics").text
    assert 'unrecorded_rows_total{reason="disk"} ' + f"{3 * len(ROWS)}.0" in metrics
    assert events(capsys) == ["disk"]


def test_rows_beyond_the_limit_of_pending_rows_are_dropped(recorder: Recorder) -> None:
    recorder.flush_until_closed = recorder.closing.wait  # type: ignore[method-assign,assignment]
    keep(recorder, MAX_PENDING_ROWS + 7)
    assert len(recorder.pending) == MAX_PENDING_ROWS
    assert sample(recorder, "unrecorded_rows_total", reason="busy") == 7
    recorder.flush()
    assert sample(recorder, "recorded_rows_total") == MAX_PENDING_ROWS


def test_under_load_every_sampled_row_is_recorded_once(tmp_path: Path) -> None:
    with running_service(REST_RECORD_SHARE="1", REST_RECORD_DIR=str(tmp_path)) as place:
        answers = load(place, connections=4, each=50)
    names = [answer.head.split("x-request-id: ")[1].split("\n")[0] for answer in answers]
    wanted = {(name, place) for name in names for place in range(len(ROWS))}
    lines = recorded(tmp_path)
    assert {(line["request_id"], line["row"]) for line in lines} == wanted
    assert len(lines) == len(wanted) == 200 * len(ROWS)
