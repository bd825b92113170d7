"""`scripts/scan.sh` lists what images hold, and stops at what is known against a part."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vulnerability_database import VulnerabilityHandler, database


@pytest.fixture
def known() -> Iterator[str]:
    """The address of a database that knows nothing against any package."""
    with database() as url:
        yield url


@pytest.fixture
def locked(trained: Path, tmp_path: Path) -> Path:
    """What the scan reads of a project."""
    for name in ("scripts", "deployment", "src"):
        shutil.copytree(trained / name, tmp_path / name)
    for name in ("pyproject.toml", "README.md", "uv.lock"):
        shutil.copy(trained / name, tmp_path)
    return tmp_path


def scan(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    command = [str(project / "scripts" / "scan.sh"), *options]
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=kept)


def parts(project: Path, target: str) -> set[str]:
    """Return the names of an image's parts."""
    listed = json.loads((project / "build" / "parts" / f"{target}.json").read_text("utf-8"))
    return {part["name"] for part in listed["components"]}


@pytest.mark.slow
def test_images_without_known_faults_pass_with_a_list_of_their_parts(
    locked: Path, known: str
) -> None:
    done = scan(locked, "--service-url", known)
    assert done.returncode == 0, done.stderr
    assert "no known vulnerabilities" in done.stderr
    assert {"onnxruntime", "numpy", "fastapi"} <= parts(locked, "rest")
    assert {"onnxruntime", "polars"} <= parts(locked, "batch")
    assert {"scikit-learn", "dvc"} <= parts(locked, "pipeline")
    assert "onnxruntime" in parts(locked, "edge")
    for target in ("rest", "batch", "edge"):
        assert not parts(locked, target) & {"scikit-learn", "dvc", "pytest"}


@pytest.mark.slow
def test_a_part_with_a_known_fault_stops_it_by_name(
    locked: Path, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VulnerabilityHandler, "bad", "onnxruntime")
    done = scan(locked, "--service-url", known)
    assert done.returncode == 1
    assert "onnxruntime" in done.stdout
    assert "PLANTED-1: a planted fault" in done.stdout
    assert scan(locked, "--service-url", known, "--ignore", "PLANTED-1").returncode == 0


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_no_pass(locked: Path) -> None:
    done = scan(locked, "--service-url", "http://127.0.0.1:1/")
    assert done.returncode == 2
    assert "Connection refused" in done.stderr


@pytest.mark.slow
def test_a_lock_that_is_behind_stops_it(locked: Path, known: str) -> None:
    asked = (locked / "pyproject.toml").read_text("utf-8")
    changed = asked.replace('"httptools>=0.7,<1"', '"httptools>=0.7.1,<1"')
    assert changed != asked
    (locked / "pyproject.toml").write_text(changed, "utf-8")
    done = scan(locked, "--service-url", known)
    assert done.returncode == 1
    assert "lockfile" in done.stderr
