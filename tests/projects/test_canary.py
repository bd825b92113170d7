"""A spoilt model does not take over: each canary says no by itself."""

import shutil
from pathlib import Path

import pytest

from tests.projects.canary_runs import CANARY, MODELYARD, spoilt, told, verdict

pytestmark = pytest.mark.slow
SEEN_BY = {
    "X22": {"agreement of scores", "shift of scores (PSI)"},
    "X27": {"service starts", "batch runs"},
    "X28": {"service starts", "batch runs", "bundle runs"},
    "X29": {"p95 latency"},
    "X32": {"non-finite scores"},
}


@pytest.fixture(scope="module")
def bench(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the canaries read: model, parameters, a bundle."""
    folder = tmp_path_factory.mktemp("bench")
    shutil.copytree(trained / "models", folder / "models")
    for name in ("params.yaml", "pyproject.toml"):
        shutil.copy(trained / name, folder)
    for fault in SEEN_BY:
        spoilt(trained, folder, fault)
    shutil.copytree(trained / "data" / "raw", folder / "data")
    for words in (["score", "data", "scored"], ["bundle", "bundle"]):
        done = told(trained, folder, *MODELYARD, *words)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("fault", SEEN_BY)
def test_a_faulty_model_does_not_come_to_the_users_of_the_service(
    fault: str, trained: Path, bench: Path
) -> None:
    done = told(trained, bench, *CANARY, "rest", "--candidate", fault)
    assert done.returncode == 20, done.stderr
    said, checks = verdict(bench, "rest")
    assert said == "no go"
    assert {name for name, passed in checks.items() if not passed} & SEEN_BY[fault]


@pytest.mark.parametrize("fault", ["X22", "X27", "X28", "X32", ""])
def test_a_faulty_model_publishes_no_batch(fault: str, trained: Path, bench: Path) -> None:
    words = [*CANARY, "batch", "data", "scored"]
    done = told(trained, bench, *words, "--candidate", fault or "models")
    said, checks = verdict(bench, "batch")
    assert done.returncode == (20 if fault else 0), done.stderr
    assert said == ("no go" if fault else "go")
    failed = {name for name, passed in checks.items() if not passed}
    assert failed & SEEN_BY[fault] if fault else not failed


@pytest.mark.parametrize("fault", ["X22", "X28", "X32", ""])
def test_a_faulty_model_comes_to_no_device(fault: str, trained: Path, bench: Path) -> None:
    bundle, device = bench / f"bundle-{fault}", bench / "devices.txt"
    device.write_text("".join(f"device-{place}\n" for place in range(200)), "utf-8")
    (bench / "reports" / "canary" / "cohort.json").unlink(missing_ok=True)
    made_of = "models" if fault in ("", "X28") else fault
    built = told(trained, bench, *MODELYARD, "bundle", str(bundle), MODEL_DIR=made_of)
    assert built.returncode == 0, built.stderr
    if fault == "X28":
        (bundle / "model.onnx").write_bytes((bench / "X28" / "model.onnx").read_bytes())
    words = ["--candidate", str(bundle), "--serving", "bundle"]
    cohort = ["--devices", str(device), "--share", "0.05"]
    done = told(trained, bench, *CANARY, "edge", *words, *cohort)
    assert done.returncode == (20 if fault else 0), done.stdout + done.stderr
    failed = {name for name, passed in verdict(bench, "edge")[1].items() if not passed}
    assert failed & SEEN_BY[fault] if fault else not failed
    assert (bench / "reports" / "canary" / "cohort.json").exists() == (not fault)


def test_a_mistake_is_no_verdict(trained: Path, bench: Path) -> None:
    words = ["--candidate", "models", "--serving", "nowhere"]
    missing = told(trained, bench, *CANARY, "rest", *words)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "the model in service cannot be served" in missing.stderr
