"""The rollback drill runs in a clone, changes nothing, and detects a rollback that fails."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import run_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("one_environment"),
    pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash"),
]
FAULTS = {
    "it does nothing": ("true", "serving model"),
    "it fails": ("exit 20", "scripts/rollback.sh"),
    "a file is not the one that was registered": (
        "scripts/as-it-was.sh prod && printf x >>served/prod/model.onnx",
        "changed predictions",
    ),
}


@pytest.fixture
def project(two_versions: Path, tmp_path: Path) -> Path:
    """A project in which two versions have served."""
    copy = Path(shutil.copytree(two_versions, tmp_path / "project", symlinks=True))
    for version in ("v0.1.0", "v0.2.0"):
        assert run_in(copy, "scripts/promote.sh", version).returncode == 0
    return copy


def state(project: Path) -> tuple[str, str, bytes]:
    """Return the state that a drill must not change."""
    model = (project / "served" / "prod" / "model.onnx").read_bytes()
    return git(project, "for-each-ref"), git(project, "status", "--porcelain"), model


def failed(report: str) -> list[str]:
    """Return the checks that failed."""
    return [line.split("|")[1].strip() for line in report.splitlines() if "FAIL" in line]


def test_a_drill_rehearses_a_rollback_and_changes_nothing(project: Path, tmp_path: Path) -> None:
    before, summary = state(project), tmp_path / "summary.md"
    done = run_in(project, "scripts/drill.sh", GITHUB_STEP_SUMMARY=str(summary), REGISTRY_PUSH="1")
    assert done.returncode == 0, done.stdout
    assert "prod is v0.2.0; in a scratch clone it was rolled back to v0.1.0." in done.stdout
    assert "| changed predictions  | 0 " in done.stdout
    assert state(project) == before
    report = (project / "build" / "drill.md").read_text("utf-8")
    assert summary.read_text("utf-8") == report
    assert report.startswith("## Rollback drill: it works\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_rollback_fails_the_drill(project: Path, fault: str) -> None:
    script, name = FAULTS[fault]
    shutil.copy(project / "scripts" / "rollback.sh", project / "scripts" / "as-it-was.sh")
    text = f"#!/usr/bin/env bash\nset -euo pipefail\n{script}\n"
    (project / "scripts" / "rollback.sh").write_text(text, "utf-8")
    commit(project, fault)
    before = state(project)
    done = run_in(project, "scripts/drill.sh")
    assert done.returncode == 20, done.stdout
    assert name in failed(done.stdout)
    assert state(project) == before


def test_without_a_previous_version_the_drill_is_skipped(
    two_versions: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(two_versions, tmp_path / "project", symlinks=True))
    done = run_in(project, "scripts/drill.sh")
    assert done.returncode == 0, done.stdout
    assert "## Rollback drill: not held" in done.stdout
