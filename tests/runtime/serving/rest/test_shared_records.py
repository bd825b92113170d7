"""Servers on several machines share a folder of records: each has its own files and index."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from modelyard.serving.records import append, days, label_line, read_labels
from modelyard.serving.rest import feedback, recorder
from modelyard.serving.rest.limits import Limits

from tests.runtime.rest_client import body, running

from examples import TARGETS

RIGHT, OTHER = TARGETS[0], next((one for one in TARGETS if one != TARGETS[0]), 1.5)
WAIT_S = 2 * recorder.FLUSH_S


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[list[TestClient]]:
    """Two servers with one folder of records, each with an index in a folder of its own."""
    with ExitStack() as life:
        yield [
            life.enter_context(
                running(
                    Limits(
                        rest_record_share=1.0,
                        rest_record_dir=tmp_path / "records",
                        rest_index_dir=tmp_path / name,
                    )
                )
            )
            for name in ("pod-a", "pod-b")
        ]


def predict(pod: TestClient, name: str) -> None:
    assert pod.post("/predict", json=body(), headers={"x-request-id": name}).status_code == 200


def label(pod: TestClient, name: str, value: Any = RIGHT) -> str:
    sent = {"labels": [{"request_id": name, "row": 0, "label": value}]}
    return str(pod.post("/feedback", json=sent).json()["answers"][0]["answer"])


def test_a_label_finds_the_prediction_that_another_pod_has_just_made(
    pods: list[TestClient],
) -> None:
    predict(pods[0], "one")
    assert label(pods[1], "one") == "kept"
    predict(pods[1], "two")
    assert label(pods[0], "two") == "kept"


def test_a_label_that_another_pod_has_stored_is_known(pods: list[TestClient]) -> None:
    predict(pods[0], "one")
    assert [label(pod, "one") for pod in pods] == ["kept", "known"]
    assert label(pods[0], "one", OTHER) == "contradictory"


def test_each_pod_writes_files_of_its_own_and_no_index_beside_them(
    pods: list[TestClient], tmp_path: Path
) -> None:
    for pod, name in zip(pods, ("one", "two"), strict=True):
        predict(pod, name)
        label(pod, name)
    (day,) = days(tmp_path / "records")
    kinds = sorted(file.name.split("-")[0] for file in day.iterdir())
    assert kinds == ["labels", "labels", "predictions", "predictions"]
    assert read_labels(day) == {("one", 0): RIGHT, ("two", 0): RIGHT}
    assert [one.name for one in (tmp_path / "records").iterdir()] == [day.name]
    assert len(list(tmp_path.glob("pod-*/records-*/index.sqlite"))) == 2


def test_only_a_prediction_of_the_sample_is_waited_for(
    pods: list[TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(feedback.time, "sleep", waits.append)
    predict(pods[0], "one")
    assert label(pods[0], "one") == "kept"
    assert waits == []
    assert label(pods[0], "none") == "unknown"
    assert waits == [WAIT_S]


def test_a_server_without_sample_does_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "records").mkdir()
    monkeypatch.setattr(feedback.time, "sleep", pytest.fail)
    with running(Limits(rest_record_dir=tmp_path / "records", rest_index_dir=tmp_path)) as pod:
        assert label(pod, "none") == "unknown"


def test_folders_of_records_do_not_share_an_index(tmp_path: Path) -> None:
    for name in ("a", "b"):
        limits = Limits(rest_record_share=1.0, rest_record_dir=tmp_path / name)
        with running(replace(limits, rest_index_dir=tmp_path / "index")) as server:
            predict(server, "one")
            assert label(server, "one") == "kept"
    assert len(list((tmp_path / "index").iterdir())) == 2


def test_of_two_labels_the_earlier_counts_whatever_its_file(tmp_path: Path) -> None:
    for writer, minute, value in [("a", 2, "no"), ("b", 1, "yes"), ("c", 3, "no")]:
        line = label_line(("one", 0), f"2013-10-01T12:0{minute}:00.000Z", value)
        append(tmp_path / f"labels-{writer}.jsonl", line)
    append(tmp_path / "labels.jsonl", label_line(("two", 0), "2013-10-01T12:00:00.000Z", "yes"))
    assert read_labels(tmp_path) == {("one", 0): "yes", ("two", 0): "yes"}
