"""The pipeline image trains a clone of the project and produces the same model."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.infra.engine import HARDENED, Engine
from tests.versions import remember_runs

pytestmark = pytest.mark.slow
USER = 10001


@pytest.fixture
def clone(trained: Path, tmp_path: Path) -> Path:
    """A clone of the untrained project, owned by the user of the image."""
    git(tmp_path, "clone", "--quiet", str(trained), "clone")
    chown(tmp_path / "clone", USER)
    return tmp_path / "clone"


def chown(project: Path, user: int) -> None:
    """Change the owner of a project."""
    subprocess.run(["chown", "-R", f"{user}:{user}", project], check=True)


def run_image(
    engine: Engine, image: str, project: Path, *words: str
) -> "subprocess.CompletedProcess[str]":
    """Run the image on a project; only the project and /tmp are writable."""
    run = ["run", "--rm", *HARDENED, "--volume", f"{project}:/project"]
    return engine.podman(*run, image, *words, ok=False)


def sha256(project: Path) -> str:
    """Return the digest of a project's accepted model."""
    return hashlib.sha256((project / "models" / "model.onnx").read_bytes()).hexdigest()


def test_the_container_trains_the_same_model_to_the_byte(
    engine: Engine, pipeline_image: str, clone: Path, trained: Path
) -> None:
    assert not (clone / "models" / "model.onnx").exists()
    done = run_image(engine, pipeline_image, clone)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "gate: accepted as version" in done.stdout
    assert sha256(clone) == sha256(trained)
    assert {file.stat().st_uid for file in clone.rglob("*")} == {USER}


def test_the_container_retrains_by_itself_and_commits(
    engine: Engine, pipeline_image: str, clone: Path, trained: Path
) -> None:
    """The stages are those that the test above runs; DVC restores them."""
    remember_runs(trained, clone)
    chown(clone, 0)
    commit(clone, "All there is")
    chown(clone, USER)
    run = ["run", "--rm", *HARDENED, "--volume", f"{clone}:/project", "--entrypoint", "bash"]
    done = engine.podman(*run, pipeline_image, "scripts/retrain.sh", "2013-09-01", ok=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "due   first" in done.stdout
    chown(clone, 0)
    assert git(clone, "log", "-1", "--format=%an %s").strip() == "modelyard Run 1: model@v0.1.0"
    assert git(clone, "status", "--porcelain") == ""


def test_a_failing_project_stops_the_container_with_its_error(
    engine: Engine, pipeline_image: str, clone: Path
) -> None:
    params = clone / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("as_of:", "as_of: 1 #"), "utf-8")
    done = run_image(engine, pipeline_image, clone)
    assert done.returncode != 0
    assert "data.as_of" in done.stdout + done.stderr


def test_nothing_outside_the_project_can_be_written(
    engine: Engine, pipeline_image: str, clone: Path
) -> None:
    run = ["run", "--rm", *HARDENED, "--entrypoint", "touch", pipeline_image, "/app/written"]
    assert "Read-only file system" in engine.podman(*run, ok=False).stderr
