"""A model is served only if its files are intact and its code is the one it was trained with."""

import json
from pathlib import Path

import pytest
from flight_delays.features.build import build
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.files import read_json, write_json
from modelyard.serving import predictor as serving
from modelyard.serving.predictor import Predictor

MODELS = Path("models")


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_version_is_the_beginning_of_the_files_hash(predictor: Predictor) -> None:
    assert predictor.manifest["sha256"].startswith(predictor.version)
    assert len(predictor.version) == 12


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
