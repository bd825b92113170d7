"""`POST /feedback`: labels are stored once, and each label gets an outcome."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.serving import records
from modelyard.serving.rest import day_sample, feedback
from modelyard.serving.rest.body import label_reader
from modelyard.serving.rest.limits import Limits

from tests.runtime.rest_client import body, running
from tests.runtime.rest_load import ask, running_service

from examples import ROWS, TARGETS

NOON = 1_380_628_800.0  # 2013-10-01T12:00:00Z
DAY_S = 86_400
RIGHT = TARGETS[0]
OTHER = next(iter({*SCHEMA.target.values} - {RIGHT})) if SCHEMA.target.values else RIGHT + 1
BAD_LABELS: list[Any] = [None, "no such label", [], {}, float("nan"), True]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A service that has recorded the request `one`."""
    with running(Limits(rest_record_share=1.0, rest_record_dir=tmp_path)) as client:
        client.post("/predict", json=body(), headers={"x-request-id": "one"})
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records of one request `one`, made at noon."""
    lines = records.prediction_lines("one", "2013-10-01T12:00:00.000Z", "v", [{}], [{}])
    records.append(tmp_path / "2013-10-01/predictions-w.jsonl", lines)
    return tmp_path


def label(value: Any = RIGHT, row: int = 0, request_id: str = "one") -> dict[str, Any]:
    return {"request_id": request_id, "row": row, "label": value}


def answers(client: TestClient, *labels: dict[str, Any]) -> list[str]:
    answer = client.post("/feedback", json={"labels": labels})
    assert answer.status_code == 200, answer.text
    return [one["answer"] for one in answer.json()["answers"]]


def kept(folder: Path) -> dict[Any, Any]:
    labels: dict[Any, Any] = {}
    for day in records.days(folder):
        labels |= records.read_labels(day)
    return labels


def at(folder: Path, days_later: float, value: Any = RIGHT) -> list[str]:
    labels = label_reader(SCHEMA.target, 9).read(json.dumps({"labels": [label(value)]}).encode())
    into: Any = SimpleNamespace(folder=folder, place=folder, writer="w")
    return list(feedback.store_new(into, labels, NOON + days_later * DAY_S, 30))


def test_a_duplicate_name_in_a_label_is_refused(client: TestClient, tmp_path: Path) -> None:
    twice = json.dumps({"labels": [label(OTHER)]})[:-3] + f', "label": {json.dumps(RIGHT)}}}]}}'
    answer = client.post("/feedback", content=twice)
    assert [v["column"] for v in answer.json()["faults"]] == ["label"]
    assert kept(tmp_path) == {}


def test_labels_are_stored_beside_the_predictions(client: TestClient, tmp_path: Path) -> None:
    labels = [label(value, row) for row, value in enumerate(TARGETS)]
    assert answers(client, *labels) == ["kept"] * len(TARGETS)
    assert kept(tmp_path) == {("one", row): value for row, value in enumerate(TARGETS)}
    (day,) = records.days(tmp_path)
    assert sorted(path.name for path in day.iterdir())[0].startswith("labels-")


def test_an_outcome_identifies_its_label(client: TestClient) -> None:
    answer = client.post("/feedback", json={"labels": [label(row=1)]})
    assert answer.json() == {"answers": [{"request_id": "one", "row": 1, "answer": "kept"}]}


def test_the_same_label_again_is_known_and_changes_nothing(
    client: TestClient, tmp_path: Path
) -> None:
    assert answers(client, label(), label()) == ["kept", "known"]
    before = [path.read_bytes() for path in tmp_path.rglob("*.jsonl")]
    assert answers(client, label()) == ["known"]
    assert [path.read_bytes() for path in tmp_path.rglob("*.jsonl")] == before


def test_of_two_labels_the_first_is_stored(client: TestClient, tmp_path: Path) -> None:
    assert answers(client, label(), label(OTHER)) == ["kept", "contradictory"]
    assert answers(client, label(OTHER), label()) == ["contradictory", "known"]
    assert kept(tmp_path) == {("one", 0): RIGHT}


def test_an_unrecorded_prediction_is_unknown(client: TestClient, tmp_path: Path) -> None:
    unknown = [label(request_id="two"), label(row=len(ROWS)), label(request_id="on")]
    assert answers(client, *unknown, label()) == ["unknown"] * 3 + ["kept"]
    assert kept(tmp_path) == {("one", 0): RIGHT}


def test_without_records_each_label_is_unknown_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    with running(Limits(rest_record_dir=tmp_path / "none")) as client:
        assert answers(client, label()) == ["unknown"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("days_later", "answer"), [(0, "kept"), (30, "kept"), (30.01, "late")])
def test_a_label_after_the_allowed_days_is_late(
    folder: Path, days_later: float, answer: str
) -> None:
    assert at(folder, days_later) == [answer]
    assert len(kept(folder)) == (answer == "kept")


def test_a_stored_label_stays_known_after_the_allowed_days(folder: Path) -> None:
    at(folder, 1)
    assert at(folder, 99) == ["known"]
    assert at(folder, 99, OTHER) == ["contradictory"]


def test_a_label_after_an_incomplete_line_is_stored(folder: Path) -> None:
    (folder / "2013-10-01/labels-w.jsonl").write_bytes(b'{"request_id":"one","row":0,"ti')
    assert at(folder, 1) == ["kept"]
    assert at(folder, 2) == ["known"]


@pytest.mark.parametrize("value", BAD_LABELS, ids=repr)
def test_an_invalid_label_is_refused_like_an_invalid_row(
    client: TestClient, tmp_path: Path, value: Any
) -> None:
    content = json.dumps({"labels": [label(), label(value, row=1)]})
    answer = client.post("/feedback", content=content)
    assert answer.status_code == 422
    (violation,) = answer.json()["faults"]
    assert (violation["row"], violation["column"]) == (1, "label")
    classes = SCHEMA.target.values
    allowed = f"one of {', '.join(classes)}" if classes else "a finite number"
    assert violation["allowed"] == allowed
    assert kept(tmp_path) == {}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"request_id": "a b"}, "request_id"),
        ({"request_id": "one\n"}, "request_id"),
        ({"row": -1}, "row"),
        ({"row": 0.5}, "row"),
        ({"more": 1}, "more"),
    ],
)
def test_a_label_of_another_shape_is_refused(
    client: TestClient, change: dict[str, Any], column: str
) -> None:
    answer = client.post("/feedback", json={"labels": [label() | change]})
    assert [v["column"] for v in answer.json()["faults"]] == [column]


@pytest.mark.parametrize(
    ("content", "status", "named"),
    [
        ("{", 400, "not valid JSON"),
        ("{}", 422, "labels is missing"),
        ('{"labels": []}', 422, "at least one label"),
        ('{"labels": [1]}', 422, "schema violations"),
    ],
)
def test_a_body_without_labels_is_refused(
    client: TestClient, content: str, status: int, named: str
) -> None:
    answer = client.post("/feedback", content=content)
    assert answer.status_code == status
    assert named in answer.json()["error"]


def test_more_labels_than_rows_are_allowed_are_refused(tmp_path: Path) -> None:
    with running(Limits(rest_max_rows=2, rest_record_dir=tmp_path)) as client:
        answer = client.post("/feedback", json={"labels": [label()] * 3})
    assert (answer.status_code, "REST_MAX_ROWS allows 2" in answer.text) == (413, True)


def test_a_write_error_is_reported(client: TestClient, tmp_path: Path) -> None:
    answers(client, label(request_id="none"))
    (day,) = records.days(tmp_path)
    writer = next(day.iterdir()).name.removeprefix("predictions")
    (day / f"labels{writer}").mkdir()
    answer = client.post("/feedback", json={"labels": [label()]})
    assert answer.status_code == 507
    assert "send them again" in answer.json()["error"]


def test_two_processes_do_not_store_labels_at_the_same_time(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_sample, "LOCK_TIMEOUT_S", 0.1)
    with day_sample.process_lock(tmp_path / "lock.sqlite"):
        answer = client.post("/feedback", json={"labels": [label()]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answers(client, label()) == ["kept"]


def test_labels_are_counted_by_outcome(client: TestClient) -> None:
    answers(client, label(), label(), label(OTHER))
    metrics = client.get("/metrics").text
    assert 'feedback_labels_total{answer="kept"} 1.0' in metrics
    assert 'feedback_labels_total{answer="contradictory"} 1.0' in metrics


def test_labels_survive_a_restart(tmp_path: Path) -> None:
    limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path)
    with running(limits) as client:
        client.post("/predict", json=body(), headers={"x-request-id": "one"})
        answers(client, label())
    with running(limits) as client:
        assert answers(client, label(), label(OTHER)) == ["known", "contradictory"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has one worker only")
def test_of_labels_sent_to_several_workers_one_is_stored(tmp_path: Path) -> None:
    settings = {"REST_RECORD_SHARE": "1", "REST_RECORD_DIR": str(tmp_path), "REST_WORKERS": "2"}
    with running_service(**settings) as place:

        def outcome(value: Any) -> str:
            connection = HTTPConnection("127.0.0.1", place.port, timeout=60)
            content = json.dumps({"labels": [label(value, request_id=name)]}).encode()
            return str(ask(connection, content, "/feedback").json["answers"][0]["answer"])

        first = ask(HTTPConnection("127.0.0.1", place.port, timeout=60))
        name = first.head.split("x-request-id: ")[1].split("\n")[0]
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(outcome, [RIGHT, OTHER] * 4))
    assert sorted(got) == ["contradictory"] * 4 + ["kept"] + ["known"] * 3
