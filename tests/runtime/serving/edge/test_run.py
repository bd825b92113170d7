"""A bundle run as on a device: a process that has only the bundle's folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flight_delays.schema import SCHEMA
from modelyard.files import read_json
from modelyard.serving.predictor import Predictor, to_rows

from tests.runtime import example
from tests.runtime.edge_runner import answers, built, device, error, lines, run

from examples import ROWS

OWN = example.PACKAGE
CODE = [f"{OWN}/features/build.py", "modelyard/models/scorer.py"]
ALONE = """
import runpy, socket, sys
def refuse(*_, **__): raise OSError("no network here")
socket.socket.connect = socket.getaddrinfo = refuse
sys.argv = [sys.argv[1]]
runpy.run_path(sys.argv[0], run_name="__main__")
print(sys.modules["modelyard"].__file__)
print(sys.modules["PACKAGE"].__file__)
print(*sorted(UNWANTED & {name.split(".")[0] for name in sys.modules}))
"""
UNWANTED = {"pydantic", "polars", "sklearn", "skl2onnx", "skops", "onnx", "yaml", "dvc"}


def flip_last_byte(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.fixture
def own(bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle that a test may change."""
    return Path(shutil.copytree(bundle, tmp_path / "own"))


def test_a_bundle_scores_exactly_as_the_predictor(
    bundle: Path, predictor: Predictor, real_rows: list[dict[str, Any]]
) -> None:
    records = predictor.predict(to_rows(real_rows, SCHEMA)).records()
    version = {"model_version": predictor.version}
    assert answers(run(bundle, lines(*real_rows))) == [record | version for record in records]


def test_a_bundle_needs_two_libraries_and_no_network_and_runs_its_own_code(
    bundle: Path,
) -> None:
    code = ALONE.replace("PACKAGE", OWN).replace("UNWANTED", str(UNWANTED))
    command = [sys.executable, "-I", "-c", code, str(bundle / "run.py")]
    alone = device(EDGE_LOG="off")
    done = subprocess.run(command, input=lines(*ROWS), capture_output=True, env=alone)
    assert done.returncode == 0, done.stderr
    *results, runtime, own, unwanted = done.stdout.decode().splitlines()
    assert (len(results), unwanted) == (len(ROWS), "")
    assert {Path(place).parent.parent for place in (runtime, own)} == {bundle.resolve()}


def test_a_bundle_runs_repeatedly_from_any_folder_and_leaves_no_files(
    own: Path, tmp_path: Path
) -> None:
    before = sorted(own.rglob("*"))
    first, second = (answers(run(own, lines(*ROWS), cwd=place)) for place in (tmp_path, own))
    assert first == second
    assert sorted(own.rglob("*")) == before


def test_a_row_is_predicted_while_the_input_is_still_open(bundle: Path) -> None:
    surroundings = device(EDGE_LOG="off")
    command = [sys.executable, str(bundle / "run.py")]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=surroundings, **pipes) as process:
        assert process.stdin
        assert process.stdout
        results = []
        for row in ROWS:
            process.stdin.write(lines(row))
            process.stdin.flush()
            results.append(process.stdout.readline())
        process.stdin.close()
        assert process.wait(20) == 0
    assert [line.startswith(b'{"prediction"') for line in results] == [True] * len(ROWS)


def test_compiled_code_beside_the_verified_code_is_never_run(own: Path) -> None:
    surroundings = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    planted = own / "modelyard" / "planted.py"
    planted.write_text("raise SystemExit('planted')\n", "utf-8")
    compiling = [sys.executable, "-m", "compileall", "-q", str(planted)]
    subprocess.run(compiling, check=True, env=surroundings)
    (compiled,) = (own / "modelyard" / "__pycache__").iterdir()
    compiled.rename(compiled.with_name(compiled.name.replace("planted", "console")))
    (own / "numpy.py").write_text("raise SystemExit('planted')\n", "utf-8")
    assert len(answers(run(own, lines(*ROWS)))) == len(ROWS)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no folder that cannot be written")
def test_a_bundle_runs_from_a_read_only_folder(own: Path) -> None:
    own.chmod(0o555)
    try:
        done = run(own, lines(*ROWS), EDGE_LOG="")
    finally:
        own.chmod(0o755)
    assert len(answers(done)) == len(ROWS)


@pytest.mark.parametrize("name", ["model.onnx", "model.json", *CODE])
def test_a_tampered_file_is_refused_by_name(own: Path, name: str) -> None:
    flip_last_byte(own / name)
    message = error(run(own, lines(*ROWS)))
    assert message.startswith(f"error: {name} was altered: its sha256 is ")


def test_a_changed_runner_is_refused_by_name(own: Path) -> None:
    with (own / "run.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert error(run(own, lines(*ROWS))).startswith("error: run.py was altered: ")


@pytest.mark.parametrize("name", ["model.onnx", "manifest.json", f"{OWN}/schema.py"])
def test_a_missing_file_is_refused_by_name(own: Path, name: str) -> None:
    (own / name).unlink()
    assert error(run(own, b"")).startswith(f"error: {name} does not exist; ")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 1}'])
def test_a_damaged_manifest_is_refused_by_name(own: Path, content: str) -> None:
    (own / "manifest.json").write_text(content, "utf-8")
    assert error(run(own, b"")).startswith("error: manifest.json was altered")


def test_a_signed_bundle_is_used_with_its_key(tmp_path: Path) -> None:
    signed = built(tmp_path / "signed", key="secret")
    assert len(answers(run(signed, lines(*ROWS), EDGE_SIGNING_KEY="secret"))) == len(ROWS)


def test_a_bundle_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    signed = built(tmp_path / "signed", key="secret")
    message = error(run(signed, b"", EDGE_SIGNING_KEY="other"))
    assert message.startswith("error: manifest.sig does not match manifest.json and EDGE_SIGNING_")


def test_an_unsigned_bundle_is_refused_if_a_key_is_set(own: Path) -> None:
    message = error(run(own, b"", EDGE_SIGNING_KEY="secret"))
    assert message.startswith("error: manifest.sig does not exist")


def test_the_signature_detects_a_changed_manifest(
    tmp_path: Path,
) -> None:
    signed = built(tmp_path / "signed", key="secret")
    text = (signed / "manifest.json").read_text("utf-8")
    (signed / "manifest.json").write_text(text.replace('"files"', ' "files"'), "utf-8")
    assert "manifest.sig does not match" in error(run(signed, b"", EDGE_SIGNING_KEY="secret"))


def test_an_expired_bundle_warns_or_refuses_as_its_manifest_says(own: Path) -> None:
    policy = read_json(own / "manifest.json", "")["terms"]["after_expiry"]
    done = run(own, lines(ROWS[0]), AS_OF="2999-01-01")
    assert f"edge.after_expiry: {policy}" in done.stderr.decode()
    assert (done.returncode == 0, b'"expired": true' in done.stdout) == (policy != "refuse",) * 2


def test_an_invalid_day_is_reported_in_one_line(bundle: Path) -> None:
    message = error(run(bundle, b"", AS_OF="soon"))
    assert message == "error: AS_OF is 'soon', allowed is a day such as 2013-10-01"


def test_the_log_is_printed_for_upload(own: Path) -> None:
    predicted = answers(run(own, lines(*ROWS), EDGE_LOG=""))
    logged = answers(run(own, b"", "--log", EDGE_LOG=""))
    assert [record["answer"] for record in logged] == predicted
    assert (own / "edge.log").is_file()


def test_the_log_can_be_in_another_folder(own: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "elsewhere.log")
    run(own, lines(*ROWS), EDGE_LOG=place)
    assert len(answers(run(own, b"", "--log", EDGE_LOG=place))) == len(ROWS)
    assert not (own / "edge.log").exists()


def test_a_configured_log_that_cannot_be_written_is_reported(own: Path) -> None:
    done = run(own, lines(*ROWS), EDGE_LOG="no/such/folder/x.log")
    assert len(answers(done)) == len(ROWS)
    assert "warning: cannot write " in done.stderr.decode()


def test_an_unknown_option_is_refused(bundle: Path) -> None:
    assert error(run(bundle, b"", "--fast")).startswith("usage: python run.py")
