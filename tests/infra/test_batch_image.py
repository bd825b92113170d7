"""The image of the batch job, built and run on files as in production."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.infra.engine import HARDENED, Engine

pytestmark = pytest.mark.slow
ROWS = "data/processed/test.parquet"


@pytest.fixture
def volume(trained: Path, tmp_path: Path) -> Path:
    """A volume with rows in `input` and an empty, writable `output`."""
    for name in ("input", "output"):
        (tmp_path / "volume" / name).mkdir(parents=True)
    shutil.copy(trained / ROWS, tmp_path / "volume" / "input")
    (tmp_path / "volume" / "output").chmod(0o777)
    return tmp_path / "volume"


def scored(engine: Engine, image: str, volume: Path) -> "subprocess.CompletedProcess[str]":
    """Run the image on a volume, its input read-only."""
    places = [f"{volume}/input:/data/input:ro", f"{volume}/output:/data/output"]
    mounts = [word for place in places for word in ("--volume", place)]
    return engine.podman("run", "--rm", *HARDENED, *mounts, image, ok=False)


def manifest(output: Path) -> dict[str, Any]:
    """Return the manifest of a run."""
    read: dict[str, Any] = json.loads((output / "manifest.json").read_text("utf-8"))
    return read


def test_the_container_scores_like_the_project(
    engine: Engine,
    batch_image: str,
    volume: Path,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(trained / "src"))
    python = ["uv", "run", "--quiet", "--no-sync", "modelyard", "score"]
    own = [*python, str(volume / "input"), str(tmp_path / "own")]
    subprocess.run(own, cwd=trained, check=True, capture_output=True)

    done = scored(engine, batch_image, volume)

    assert done.returncode == 0, done.stderr
    found, wanted = manifest(volume / "output"), manifest(tmp_path / "own")
    assert found["scored"] > 1000
    assert found["parts"] == wanted["parts"]
    assert found["model_version"] == wanted["model_version"]
    assert found["code_version"] == wanted["code_version"]


def test_an_altered_model_scores_nothing(engine: Engine, batch_image: str, volume: Path) -> None:
    lines = ["USER 0", "RUN echo >> models/model.onnx", "USER 10001"]
    done = scored(engine, engine.derive("localhost/altered:test", batch_image, *lines), volume)
    assert done.returncode == 1
    assert "error: models/model.onnx was altered" in done.stderr
    assert not (volume / "output" / "manifest.json").exists()
