"""Data and models pushed to a store that speaks S3, and pulled into another clone."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.infra.store import KEYS, store
from tests.repository import commit, git
from tools.service import free_port
from tools.steps import environment

pytestmark = pytest.mark.slow
S3 = {"dvc_remote": "s3", "dvc_remote_url": "s3://store/flights"}
MADE = ("data", "features", "models", "reports", ".dvc/cache")


def dvc(python: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run DVC in a folder."""
    own = environment() | KEYS | {"PYTHONPATH": str(folder / "src")}
    command = [str(python), "-m", "dvc", *words]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False)


@pytest.fixture
def with_store(render: Render, trained: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A project that keeps its data in S3 and has the trained project's results; its Python."""
    folder = Path(shutil.copytree(render(S3), tmp_path / "project"))
    for name in MADE:
        shutil.copytree(trained / name, folder / name, dirs_exist_ok=True)
    for name in ("dvc.lock", "params.yaml"):
        shutil.copy(trained / name, folder / name)
    commit(folder, "Trained")
    subprocess.run(["uv", "sync", "--quiet"], cwd=folder, env=environment(), check=True)
    return folder, folder / ".venv" / "bin" / "python"


def test_what_one_clone_pushes_to_s3_another_pulls(
    with_store: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, python = with_store
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(folder), str(clone))
    with store() as address:
        for one in (folder, clone):
            dvc(python, one, "remote", "modify", "--local", "storage", "endpointurl", address)
        pushed = dvc(python, folder, "push")
        pulled = dvc(python, clone, "pull")

    assert pushed.returncode == 0, pushed.stderr
    assert pulled.returncode == 0, pulled.stderr
    names = [f"models/{name}" for name in ("model.onnx", "model.json", "card.md")]
    names += [f"data/processed/{name}.parquet" for name in ("train", "validation", "test")]
    assert [(clone / n).read_bytes() for n in names] == [(folder / n).read_bytes() for n in names]
    assert git(clone, "status", "--porcelain") == ""


def test_a_store_that_is_gone_fails_the_push(with_store: tuple[Path, Path]) -> None:
    folder, python = with_store
    nowhere = f"http://127.0.0.1:{free_port()}"
    dvc(python, folder, "remote", "modify", "--local", "storage", "endpointurl", nowhere)
    dvc(python, folder, "remote", "modify", "--local", "storage", "connect_timeout", "1")
    assert dvc(python, folder, "push").returncode != 0
