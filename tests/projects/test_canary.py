"""A faulty model is not promoted: each canary refuses it."""

import shutil
from pathlib import Path

import pytest

from tests.projects.canary_runs import CANARY, MODELYARD, add_faulty_model, read_report, run

pytestmark = pytest.mark.slow
FAILED_CHECKS = {
    "X22": {"agreement of scores", "shift of scores (PSI)"},
    "X27": {"service starts", "batch runs"},
    "X28": {"service starts", "batch runs", "bundle runs"},
    "X29": {"p95 latency"},
    "X32": {"non-finite scores"},
}


@pytest.fixture(scope="module")
def workdir(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inputs of the canaries: models, parameters, data, a bundle."""
    folder = tmp_path_factory.mktemp("bench")
    shutil.copytree(trained / "models", folder / "models")
    shutil.copy(trained / "pyproject.toml", folder)
    params = (trained / "params.yaml").read_text("utf-8")
    assert "max_requests: 400" in params
    fewer = params.replace("max_requests: 400", "max_requests: 200")  # the slow model is slow
    (folder / "params.yaml").write_text(fewer, "utf-8")
    for fault in FAILED_CHECKS:
        add_faulty_model(trained, folder, fault)
    shutil.copytree(trained / "data" / "raw", folder / "data")
    for words in (["score", "data", "scored"], ["bundle", "bundle"]):
        done = run(trained, folder, *MODELYARD, *words)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("fault", FAILED_CHECKS)
def test_the_rest_canary_refuses_a_faulty_model(fault: str, trained: Path, workdir: Path) -> None:
    done = run(trained, workdir, *CANARY, "rest", "--candidate", fault)
    assert done.returncode == 20, done.stderr
    verdict, checks = read_report(workdir, "rest")
    assert verdict == "no go"
    assert {name for name, passed in checks.items() if not passed} & FAILED_CHECKS[fault]


@pytest.mark.parametrize("fault", ["X22", "X27", "X28", "X32", ""])
def test_the_batch_canary_refuses_a_faulty_model(fault: str, trained: Path, workdir: Path) -> None:
    words = [*CANARY, "batch", "data", "scored"]
    done = run(trained, workdir, *words, "--candidate", fault or "models")
    verdict, checks = read_report(workdir, "batch")
    assert done.returncode == (20 if fault else 0), done.stderr
    assert verdict == ("no go" if fault else "go")
    failed = {name for name, passed in checks.items() if not passed}
    assert failed & FAILED_CHECKS[fault] if fault else not failed


@pytest.mark.parametrize("fault", ["X22", "X28", "X32", ""])
def test_the_edge_canary_refuses_a_faulty_model(fault: str, trained: Path, workdir: Path) -> None:
    bundle, device = workdir / f"bundle-{fault}", workdir / "devices.txt"
    device.write_text("".join(f"device-{place}\n" for place in range(200)), "utf-8")
    (workdir / "reports" / "canary" / "cohort.json").unlink(missing_ok=True)
    made_of = "models" if fault in ("", "X28") else fault
    built = run(trained, workdir, *MODELYARD, "bundle", str(bundle), MODEL_DIR=made_of)
    assert built.returncode == 0, built.stderr
    if fault == "X28":
        (bundle / "model.onnx").write_bytes((workdir / "X28" / "model.onnx").read_bytes())
    words = ["--candidate", str(bundle), "--serving", "bundle"]
    cohort = ["--devices", str(device), "--share", "0.05"]
    done = run(trained, workdir, *CANARY, "edge", *words, *cohort)
    assert done.returncode == (20 if fault else 0), done.stdout + done.stderr
    failed = {name for name, passed in read_report(workdir, "edge")[1].items() if not passed}
    assert failed & FAILED_CHECKS[fault] if fault else not failed
    assert (workdir / "reports" / "canary" / "cohort.json").exists() == (not fault)


def test_a_user_error_is_not_a_verdict(trained: Path, workdir: Path) -> None:
    words = ["--candidate", "models", "--serving", "nowhere"]
    missing = run(trained, workdir, *CANARY, "rest", *words)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "the service of nowhere does not start" in missing.stderr
