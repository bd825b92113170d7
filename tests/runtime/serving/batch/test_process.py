"""A batch run as a process: exit codes, messages, resuming after a kill."""

import os
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from flight_delays.schema import SCHEMA

COMMAND = [sys.executable, "-m", "modelyard.serving.batch"]
MANY = 2000
LOADED = "import sys, modelyard.serving.batch.__main__; print(*sys.modules)"
RARELY_NEEDED = {"fsspec", "ray", "pyarrow", "sklearn"}


def finished(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command, own = [*COMMAND, *map(str, words)], os.environ | environment
    return subprocess.run(command, capture_output=True, text=True, env=own, check=False)


@pytest.fixture
def rows(table: pl.DataFrame, tmp_path: Path) -> Path:
    """A CSV file of many rows."""
    pl.concat([table] * (MANY // table.height)).write_csv(tmp_path / "rows.csv")
    return tmp_path / "rows.csv"


def test_a_run_does_not_import_rarely_needed_libraries() -> None:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "polars" in imported
    assert imported & RARELY_NEEDED == set()


def test_a_run_prints_a_summary(rows: Path, tmp_path: Path) -> None:
    done = finished(rows, tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"batch: 2,000 rows scored, 0 rejected -> {tmp_path / 'out'}\n"


def test_a_killed_run_resumes_and_writes_the_same_bytes(rows: Path, tmp_path: Path) -> None:
    small = {"BATCH_CHUNK_ROWS": "10"}
    killed = subprocess.Popen([*COMMAND, rows, tmp_path / "out"], env=os.environ | small)
    hidden = tmp_path / "out" / ".batch"
    while len(list(hidden.glob("*/part-*.json"))) < 3:
        assert killed.poll() is None
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    assert not (tmp_path / "out/manifest.json").exists()
    assert finished(rows, tmp_path / "out", **small).returncode == 0
    assert finished(rows, tmp_path / "fresh", **small).returncode == 0
    names = sorted(path.name for path in (tmp_path / "fresh").iterdir() if path.is_file())
    assert len(names) == MANY // 10 + 2
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_a_user_error_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(f"{SCHEMA.key}\nx\n", "utf-8")
    done = finished(tmp_path / "rows.csv", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {tmp_path / 'rows.csv'}: column ")
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".batch"]
    assert not any(path.is_dir() for path in (tmp_path / "out" / ".batch").iterdir())


def test_an_altered_model_is_one_line_and_exit_code_1(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"altered")
    (tmp_path / "model.json").write_bytes(Path("models/model.json").read_bytes())
    done = finished(rows, tmp_path / "out", MODEL_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "model.onnx was altered" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_run_imports_nothing_that_only_training_needs() -> None:
    unwanted = ["dvc", "mlflow", "pandas", "skl2onnx", "sklearn", "skops", "scipy", "onnx"]
    module = "modelyard.serving.batch.__main__"
    code = f"import sys, {module}; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
