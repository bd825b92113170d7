"""`scripts/scan.sh` lists the parts of images and fails for known vulnerabilities."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vulnerability_database import VulnerabilityHandler, database


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database without vulnerabilities."""
    with database() as url:
        yield url


@pytest.fixture
def locked(trained: Path, tmp_path: Path) -> Path:
    """The files of a project that the scan reads."""
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
    """Return the names of the parts of an image."""
    listed = json.loads((project / "build" / "parts" / f"{target}.json").read_text("utf-8"))
    return {part["name"] for part in listed["components"]}


@pytest.mark.slow
def test_images_without_vulnerabilities_pass_and_their_parts_are_listed(
    locked: Path, empty_database: str
) -> None:
    done = scan(locked, "--service-url", empty_database)
    assert done.returncode == 0, done.stderr
    assert "no known vulnerabilities" in done.stderr
    assert {"onnxruntime", "numpy", "fastapi"} <= parts(locked, "rest")
    assert {"onnxruntime", "polars"} <= parts(locked, "batch")
    assert {"scikit-learn", "dvc"} <= parts(locked, "pipeline")
    assert "onnxruntime" in parts(locked, "edge")
    for target in ("rest", "batch", "edge"):
        assert not parts(locked, target) & {"scikit-learn", "dvc", "pytest"}


@pytest.mark.slow
def test_a_vulnerable_part_fails_the_scan_and_is_named(
    locked: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VulnerabilityHandler, "bad", "onnxruntime")
    done = scan(locked, "--service-url", empty_database)
    assert done.returncode == 1
    assert "onnxruntime" in done.stdout
    assert "PLANTED-1: a planted fault" in done.stdout
    assert scan(locked, "--service-url", empty_database, "--ignore", "PLANTED-1").returncode == 0


@pytest.mark.slow
def test_an_unreachable_database_fails_the_scan(locked: Path) -> None:
    done = scan(locked, "--service-url", "http://127.0.0.1:1/")
    assert done.returncode == 2
    assert "Connection refused" in done.stderr


@pytest.mark.slow
def test_an_outdated_lock_fails_the_scan(locked: Path, empty_database: str) -> None:
    text = (locked / "pyproject.toml").read_text("utf-8")
    changed = text.replace('"httptools>=0.7,<1"', '"httptools>=0.7.1,<1"')
    assert changed != text
    (locked / "pyproject.toml").write_text(changed, "utf-8")
    done = scan(locked, "--service-url", empty_database)
    assert done.returncode == 1
    assert "lockfile" in done.stderr
