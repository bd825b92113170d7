"""A project without network, without disk space, or without git."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.checkout import WITHOUT_VENV, tree
from tests.conftest import Render
from tools.steps import environment

pytestmark = pytest.mark.slow
ISOLATED = ["unshare", "--map-root-user", "--net", "--mount", "--"]
CONNECT = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"
NEARLY_FULL = """
set -e
mount -t tmpfs -o size=24m nearly-full "$1"
cp -R "$2/." "$1"
cd "$1"
before=$(sha256sum data/processed/*)
head -c 100m /dev/zero > filler 2>/dev/null || true
shift 2
status=0
"$@" || status=$?
[ "$before" = "$(sha256sum data/processed/*)" ] || echo "a table was changed" >&2
find . -name '*.part' >&2
exit $status
"""


def run_with(trained: Path, project: Path) -> list[str]:
    """Return the command that runs a tool in the trained environment with the copy's code."""
    kept = ["env", f"PYTHONPATH={project / 'src'}", "UV_OFFLINE=1", "uv", "run", "--quiet"]
    return [*kept, "--no-sync", "--project", str(trained)]


def run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder."""
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def test_without_a_network_an_installed_project_trains(trained: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    before = (copy / "models" / "model.onnx").read_bytes()
    python = [*ISOLATED, *run_with(trained, copy), "python"]

    probe = run([*python, "-c", CONNECT], copy)
    done = run([*python, "-m", "dvc", "repro", "--force"], copy)

    assert "Network is unreachable" in probe.stderr
    assert done.returncode == 0, done.stderr
    assert (copy / "models" / "model.onnx").read_bytes() == before


def test_a_full_disk_is_reported_in_one_line_and_keeps_the_tables(
    trained: Path, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    prepare = [*run_with(trained, project), "modelyard", "prepare"]
    full = ["bash", "-c", NEARLY_FULL, "full", str(tmp_path / "disk"), str(project), *prepare]

    done = run([*ISOLATED, *full], tmp_path)

    assert done.returncode == 1
    assert done.stderr == (
        "error: cannot write data/processed/train.parquet: No space left on device\n"
    )


def test_a_missing_repository_is_reported(trained: Path, render: Render, tmp_path: Path) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    done = run([*run_with(trained, project), "python", "-m", "dvc", "repro"], project)
    assert done.returncode != 0
    assert done.stderr == f"ERROR: {project} is not a git repository\n"
    assert "data/raw/rows.parquet" not in tree(project)
