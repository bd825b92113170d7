"""Files of a bundle, and writing them into a folder: all of them or none."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from modelyard.cli.edge import bundle as bundle_command
from modelyard.console import UserError
from modelyard.files import read_json, sha256
from modelyard.params import read_params
from modelyard.params_operation import Edge
from modelyard.project import Project
from modelyard.schema.contract import Classes, Quantity
from modelyard.serving.edge import bundle as bundles
from modelyard.serving.edge.bundle import build
from modelyard.serving.predictor import Predictor

from tests.runtime import example
from tests.runtime.edge_runner import built

OWN = example.PACKAGE
KINDS = Classes("kind", "", values=("a", "b"))


def content(folder: Path) -> dict[str, bytes]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in files}


@pytest.fixture
def own(bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle that a test may change."""
    return Path(shutil.copytree(bundle, tmp_path / "own"))


def test_the_manifest_lists_each_file_with_its_hash(bundle: Path) -> None:
    listed = read_json(bundle / "manifest.json", "")["files"]
    assert {name: sha256(bundle / name) for name in listed} == listed
    assert set(content(bundle)) == {"manifest.json", *listed}
    assert {"run.py", "model.onnx", "model.json"} <= set(listed)
    assert {f"{OWN}/schema.py", f"{OWN}/features/build.py"} <= set(listed)
    assert "modelyard/serving/edge/device.py" in listed


def test_the_manifest_holds_version_training_day_and_settings(
    bundle: Path, predictor: Predictor
) -> None:
    manifest = read_json(bundle / "manifest.json", "")
    assert manifest["version"] == predictor.version
    assert manifest["trained_as_of"] == predictor.trained_as_of.isoformat()
    assert manifest["terms"] == read_params().section(Edge).model_dump()
    assert manifest["built_with"].keys() == {"python", "numpy", "onnxruntime"}


def test_the_model_is_the_accepted_one_byte_for_byte(bundle: Path, made: Path) -> None:
    accepted = (made / "models/model.onnx").read_bytes()
    assert (bundle / "model.onnx").read_bytes() == accepted


def test_the_runner_is_short_and_the_bundle_is_small(bundle: Path) -> None:
    assert len((bundle / "run.py").read_text("utf-8").splitlines()) < 150
    code = {name: text for name, text in content(bundle).items() if name != "model.onnx"}
    assert sum(map(len, code.values())) < 100_000
    assert sum(map(len, content(bundle).values())) < 150_000


def test_the_same_model_makes_the_same_bundle(bundle: Path, tmp_path: Path) -> None:
    assert content(built(tmp_path / "again")) == content(bundle)


def test_a_bundle_is_written_to_an_empty_folder_or_replaces_one(own: Path, bundle: Path) -> None:
    (own / "model.onnx").write_bytes(b"old")
    built(own)
    assert content(own) == content(bundle)
    shutil.rmtree(own)
    own.mkdir()
    assert content(built(own)) == content(bundle)
    assert os.listdir(own.parent) == ["own"]


def test_the_log_of_a_replaced_bundle_is_kept(own: Path) -> None:
    (own / "edge.log").write_bytes(b"rows")
    built(own)
    assert (own / "edge.log").read_bytes() == b"rows"


def test_a_folder_with_other_files_is_refused_and_left_unchanged(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(UserError, match=r"holds letter\.txt, which is not part of a bundle; "):
        built(tmp_path)
    assert content(tmp_path) == {"letter.txt": b"dear"}


def test_a_bundle_with_another_file_in_it_is_refused(own: Path) -> None:
    (own / OWN / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(UserError, match=rf"holds {OWN}/notes\.txt, which is not part of a bundle"):
        built(own)
    assert (own / OWN / "notes.txt").exists()


def test_a_manifest_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {"manifest.json": ""}}', "utf-8")
    with pytest.raises(UserError, match=r"holds manifest\.json, which is not part of a bundle"):
        built(tmp_path)


def test_a_file_as_output_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UserError, match=r"file is a file, allowed is a new or empty folder"):
        built(tmp_path / "file")


@pytest.mark.parametrize("call", ["write_bytes", "rename"])
def test_a_full_disk_leaves_the_old_bundle_and_nothing_else(
    call: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, done = content(own), getattr(Path, call)

    def full(path: Path, *words: Any) -> Any:
        if ".new" in str(path):
            raise OSError(28, "No space left on device")
        return done(path, *words)

    monkeypatch.setattr(Path, call, full)
    with pytest.raises(UserError, match=r"cannot write .*own: No space left on device"):
        built(own)
    assert content(own) == before
    assert os.listdir(own.parent) == ["own"]


@pytest.mark.parametrize("value", ["c", 1.0])
def test_a_fallback_that_is_not_a_class_is_refused(value: Any) -> None:
    with pytest.raises(UserError, match=r"edge\.fallback is .*, allowed is one of a, b$"):
        bundles.check_fallback(value, KINDS)
    bundles.check_fallback("a", KINDS)


def test_a_fallback_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(UserError, match=r"edge\.fallback is 'a', allowed is a finite number$"):
        bundles.check_fallback("a", Quantity("size", ""))
    bundles.check_fallback(1.5, Quantity("size", ""))


def test_the_command_builds_and_signs_with_the_key_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGE_SIGNING_KEY", "key-of-the-vendor")
    bundle_command(tmp_path / "signed")
    assert (tmp_path / "signed" / "manifest.sig").is_file()
    assert "key-of-the-vendor" not in capsys.readouterr().out
    assert "key-of-the-vendor" not in json.dumps([str(one) for one in content(tmp_path).values()])


def test_an_altered_model_is_not_put_into_a_bundle(workspace: Path, project: Project) -> None:
    (workspace / "models" / "model.onnx").write_bytes(b"other")
    with pytest.raises(UserError, match=r"model\.onnx was altered"):
        build(project, workspace / "bundle", workspace / "models", "")
    assert not (workspace / "bundle").exists()
