"""Hot reload: a newer model replaces the serving one without a failed request, if it is valid."""

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Any

import onnx
import pytest
from modelyard.files import read_json, sha256, write_bytes, write_json
from modelyard.models.model_info import version_of
from modelyard.models.scorer import Predictions
from modelyard.project import Project
from modelyard.schema.columns import Rows
from modelyard.serving import predictor
from modelyard.serving.predictor import Predictor
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.predict import Predict
from modelyard.serving.rest.service import Reloader, Service

from tests.runtime.rest_client import running
from tests.runtime.rest_load import CONTENT, RunningService, load, running_service, served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the accepted model."""
    for name in ("model.onnx", "model.json", "examples.jsonl"):
        shutil.copy(Path("models") / name, tmp_path)
    return tmp_path


@pytest.fixture
def service(folder: Path, project: Project) -> Service:
    service = Service(project, Limits(model_dir=folder))
    service.load()
    return service


@pytest.fixture
def reloader(service: Service) -> Reloader:
    return Reloader(service)


def successor(folder: Path, mark: int = 1) -> tuple[bytes, dict[str, Any]]:
    """Make a model with the same scores as the one in a folder, but another version."""
    model = onnx.load(folder / "model.onnx")
    model.doc_string = f"successor {mark}"
    content = model.SerializeToString()
    write_bytes(folder / "temporary", content)
    found = sha256(folder / "temporary")
    (folder / "temporary").unlink()
    about = read_json(folder / "model.json", "") | {"sha256": found, "version": found[:12]}
    return content, about


def release(folder: Path, mark: int = 1) -> str:
    """Write a successor to a folder as the gate does; return its version."""
    content, about = successor(folder, mark)
    write_bytes(folder / "model.onnx", content)
    write_json(folder / "model.json", about)
    return str(about["version"])


def rewrite(folder: Path, **changed: Any) -> None:
    """Change entries of `model.json` and the version that follows from them."""
    about = read_json(folder / "model.json", "") | changed
    write_json(folder / "model.json", about | {"version": version_of(about)})


def check(reloader: Reloader, times: int = 1) -> None:
    for _ in range(times):
        asyncio.run(reloader.check())


def sample(service: Service, name: str) -> float | None:
    return service.metrics.registry.get_sample_value(name)


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_newer_model_is_served_logged_and_counted(
    reloader: Reloader, service: Service, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = service.require_predictor().version, release(folder)
    check(reloader, times=3)
    assert service.require_predictor().version == newer != older
    assert sample(service, "model_swaps_total") == 1
    value_of = service.metrics.registry.get_sample_value
    assert value_of("model_info", {"version": newer}) == 1
    assert value_of("model_info", {"version": older}) == 0
    assert [(e["event"], e["model_version"]) for e in events(capsys)] == [("model swapped", newer)]


def test_the_same_model_is_not_loaded_again(
    reloader: Reloader, service: Service, folder: Path
) -> None:
    kept = service.require_predictor()
    (folder / "model.onnx").touch()
    write_json(folder / "model.json", read_json(folder / "model.json", ""))
    check(reloader, times=2)
    assert service.require_predictor() is kept
    assert sample(service, "model_swaps_total") == 0


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"sha256": "0" * 64}, "model.onnx was altered"),
        ({"schema_hash": "0" * 12}, "schema.py changed"),
        ({"code_hash": "0" * 12}, "features/build.py changed"),
        ({"threshold": 0.99}, "model.json was altered"),
        ({"target": {"task": "binary"}}, "model.json was altered"),
        ({"features": ["another"]}, "model.json was altered"),
    ],
)
def test_a_model_that_does_not_match_is_refused_once_and_the_older_one_stays(
    reloader: Reloader,
    service: Service,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, Any],
    error: str,
) -> None:
    kept = service.require_predictor()
    write_json(folder / "model.json", read_json(folder / "model.json", "") | changed)
    check(reloader, times=3)
    assert service.require_predictor() is kept
    (event,) = events(capsys)
    assert event["event"] == "model refused"
    assert error in event["error"]
    assert sample(service, "model_swaps_refused_total") == 1


def test_another_threshold_under_the_version_of_runtime_1_1_is_refused(
    reloader: Reloader, service: Service, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = read_json(folder / "model.json", "")
    old = about | {"version": about["sha256"][:12]}
    write_json(folder / "model.json", old)
    check(reloader)
    write_json(folder / "model.json", old | {"threshold": 0.99})
    check(reloader)
    assert service.require_predictor().manifest == old
    swapped, refused = events(capsys)
    assert (swapped["event"], refused["event"]) == ("model swapped", "model refused")
    assert "another content under the serving version" in refused["error"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_half_written_manifest_is_refused(
    reloader: Reloader, service: Service, folder: Path, content: bytes
) -> None:
    kept = service.require_predictor()
    (folder / "model.json").write_bytes(content)
    check(reloader)
    assert service.require_predictor() is kept
    assert sample(service, "model_swaps_refused_total") == 1


def test_a_half_written_model_is_served_when_it_is_complete(
    reloader: Reloader, service: Service, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, about = successor(folder)
    write_json(folder / "model.json", about)
    check(reloader)
    (folder / "model.onnx").write_bytes(content[: len(content) // 2])
    check(reloader)
    (folder / "model.onnx").write_bytes(content)
    check(reloader)
    assert service.require_predictor().version == about["version"]
    assert [event["event"] for event in events(capsys)] == ["model refused", "model swapped"]


def test_a_model_of_newer_feature_code_is_refused(
    reloader: Reloader,
    service: Service,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(predictor, "code_hash", lambda _: "1" * 12)
    kept = service.require_predictor()
    rewrite(folder, code_hash="1" * 12)
    check(reloader)
    assert service.require_predictor() is kept
    (refused,) = events(capsys)
    assert "features/build.py changed since the service started" in refused["error"]


def test_a_model_that_cannot_predict_is_refused(
    reloader: Reloader, service: Service, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = service.require_predictor()
    rewrite(folder, features=["another"])
    check(reloader)
    assert service.require_predictor() is kept
    (refused,) = events(capsys)
    assert "features/build.py returns" in refused["error"]


@pytest.mark.parametrize("content", [CONTENT, CONTENT + b" " * 10_000], ids=["small", "large"])
def test_a_request_keeps_its_model_during_a_switch(
    service: Service, folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, predict = service.require_predictor(), Predictor.predict
    release(folder)
    newer = service.load_predictor()

    def switched(self: Predictor, rows: Rows) -> Predictions:
        service.switch(newer)
        return predict(self, rows)

    monkeypatch.setattr(Predictor, "predict", switched)
    application = Predict(service)
    answers = [json.loads(asyncio.run(application.respond(content, b"x"))[0]) for _ in range(2)]
    assert [answer["model_version"] for answer in answers] == [older.version, newer.version]


def test_without_reloading_the_serving_model_stays(folder: Path) -> None:
    with running(Limits(model_dir=folder, rest_reload_s=0)) as client:
        older, _ = client.get("/version").json(), release(folder)
        time.sleep(0.5)
        assert client.get("/version").json() == older


def test_under_load_no_request_fails_during_a_reload(folder: Path) -> None:
    with running_service(MODEL_DIR=str(folder), REST_RELOAD_S="0.05") as place:
        older, newer = version(place), []

        def swap() -> None:
            for mark in (1, 2, 3):
                newer.append(release(folder, mark))
                wait_for(place, newer[-1])

        answers = load(place, connections=8, each=250, meanwhile=swap)
    assert {answer.status for answer in answers} == {200}
    assert {answer.json["model_version"] for answer in answers} <= {older, *newer}
    assert len({answer.json["model_version"] for answer in answers}) >= 2


def version(place: RunningService) -> str:
    return str(json.loads(served(place, "/version"))["model_version"])


def wait_for(place: RunningService, wanted: str) -> None:
    end = time.monotonic() + 20
    while version(place) != wanted:
        assert time.monotonic() < end
        time.sleep(0.02)
