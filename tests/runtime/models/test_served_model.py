"""A model is served only if its files are intact and its code is the one it was trained with."""

import json
from pathlib import Path

import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.files import read_json, write_json
from modelyard.models.gates.versions.serving_model import read_serving_model
from modelyard.models.model_info import version_of
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.serving import predictor as serving
from modelyard.serving.predictor import Predictor
from modelyard.testing.parity import served

MODELS = Path("models")


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_version_covers_threshold_features_and_file(predictor: Predictor) -> None:
    manifest = predictor.manifest
    assert predictor.version == version_of(manifest)
    others = [manifest | {name: None} for name in manifest if name != "version"]
    assert len({version_of(other) for other in [manifest, *others]}) == len(manifest)


ALTERED = {
    "threshold": 0.99,
    "features": [],
    "target": {"values": ["late", "on_time"]},
    "trained_as_of": "2099-01-01",
    "training_rows": 0,
    "version": "0123456789ab",
    "added": 1,
}


@pytest.mark.parametrize(("name", "value"), ALTERED.items())
def test_a_model_with_an_altered_entry_is_not_served(
    name: str, value: object, workspace: Path
) -> None:
    about = read_json(MODELS / "model.json", "")
    write_json(MODELS / "model.json", about | {name: value})
    with pytest.raises(UserError, match=r"model\.json was altered: its content is of .{12}"):
        Predictor(MODELS, SCHEMA, build)
    with pytest.raises(UserError, match=r"model\.json was altered"):
        read_serving_model(MODELS)


def test_a_model_of_runtime_1_1_is_served(workspace: Path, predictor: Predictor) -> None:
    about = read_json(MODELS / "model.json", "")
    write_json(MODELS / "model.json", about | {"version": about["sha256"][:12]})
    assert Predictor(MODELS, SCHEMA, build).version == about["sha256"][:12] != predictor.version
    assert read_serving_model(MODELS) is not None


def test_another_threshold_gives_another_version(workspace: Path, project: Project) -> None:
    params, found = read_params(), []
    for threshold in (params.decision.threshold, 0.9):
        decision = params.decision.model_copy(update={"threshold": threshold})
        changed = params.model_copy(update={"decision": decision})
        found.append(served(workspace, project, changed).version)
    assert len(set(found)) == 2


def test_a_model_with_one_changed_bit_is_not_served(workspace: Path) -> None:
    flip_a_bit(MODELS / "model.onnx")
    with pytest.raises(UserError, match=r"model\.onnx was altered: its sha256 is .{12}…, not"):
        Predictor(MODELS, SCHEMA, build)


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_missing_file_is_named_with_the_remedy(name: str, workspace: Path) -> None:
    (MODELS / name).unlink()
    with pytest.raises(UserError, match=rf"{name} does not exist; run: dvc repro"):
        Predictor(MODELS, SCHEMA, build)


CHANGED_SINCE = [
    ("schema_hash", r"schema\.py changed since the model was trained"),
    ("code_hash", r"features/build\.py changed since the model was trained"),
]


@pytest.mark.parametrize(("name", "message"), CHANGED_SINCE)
def test_a_model_of_other_code_is_not_served(name: str, message: str, workspace: Path) -> None:
    about = read_json(MODELS / "model.json", "")
    write_json(MODELS / "model.json", about | {name: "0123456789ab"})
    with pytest.raises(UserError, match=rf"{message} \(0123456789ab -> .+\); run: dvc repro"):
        Predictor(MODELS, SCHEMA, build)


def test_examples_are_rows_that_the_model_takes(predictor: Predictor) -> None:
    examples = predictor.examples(5)
    assert len({json.dumps(row) for row in examples}) == 5
    assert len(predictor.predict(serving.to_rows(examples, SCHEMA)).records()) == 5


@pytest.mark.parametrize("count", [0, -1, 10**9])
def test_more_examples_than_exist_are_refused(count: int, predictor: Predictor) -> None:
    with pytest.raises(UserError, match=rf"{count} examples requested, allowed are 1 to \d+"):
        predictor.examples(count)
