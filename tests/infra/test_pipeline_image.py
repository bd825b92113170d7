"""The image of the pipeline: it trains a clone of the project, and the model is the same."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.infra.engine import HARDENED, Engine
from tests.repository import git

pytestmark = pytest.mark.slow
USER = 10001


@pytest.fixture
def clone(trained: Path, tmp_path: Path) -> Path:
    """A clone of the project as it was born, which belongs to the user of the image."""
    git(tmp_path, "clone", "--quiet", str(trained), "clone")
    subprocess.run(["chown", "-R", f"{USER}:{USER}", tmp_path / "clone"], check=True)
    return tmp_path / "clone"


def ran(
    engine: Engine, image: str, project: Path, *words: str
) -> "subprocess.CompletedProcess[str]":
    """Run the image on a project: nothing but that and /tmp can be written to."""
    run = ["run", "--rm", *HARDENED, "--volume", f"{project}:/project"]
    return engine.podman(*run, image, *words, ok=False)


def sha256(project: Path) -> str:
    """Return the digest of a project's accepted model."""
    return hashlib.sha256((project / "models" / "model.onnx").read_bytes()).hexdigest()


def test_the_container_trains_the_same_model_to_the_byte(
    engine: Engine, pipeline_image: str, clone: Path, trained: Path
) -> None:
    assert not (clone / "models" / "model.onnx").exists()
    done = ran(engine, pipeline_image, clone)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "gate: accepted as version" in done.stdout
    assert sha256(clone) == sha256(trained)
    assert {file.stat().st_uid for file in clone.rglob("*")} == {USER}


def test_a_project_that_fails_ends_the_container_with_its_cause(
    engine: Engine, pipeline_image: str, clone: Path
) -> None:
    params = clone / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("as_of:", "as_of: 1 #"), "utf-8")
    done = ran(engine, pipeline_image, clone)
    assert done.returncode != 0
    assert "data.as_of" in done.stdout + done.stderr


def test_nothing_outside_the_project_can_be_written(
    engine: Engine, pipeline_image: str, clone: Path
) -> None:
    run = ["run", "--rm", *HARDENED, "--entrypoint", "touch", pipeline_image, "/app/written"]
    assert "Read-only file system" in engine.podman(*run, ok=False).stderr
