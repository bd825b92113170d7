"""A rollback is rehearsed: in a clone, whatever the clone does; a rollback that fails is seen."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.ci.hosts import called

pytestmark = [
    pytest.mark.slow,
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
        assert called(copy, "scripts/promote.sh", version).returncode == 0
    return copy


def everything(project: Path) -> tuple[str, str, bytes]:
    """Return what a drill may not change."""
    model = (project / "served" / "prod" / "model.onnx").read_bytes()
    return git(project, "for-each-ref"), git(project, "status", "--porcelain"), model


def failed(report: str) -> list[str]:
    """Return the checks that failed."""
    return [line.split("|")[1].strip() for line in report.splitlines() if "FAIL" in line]


def test_a_rollback_is_rehearsed_and_nothing_is_changed(project: Path, tmp_path: Path) -> None:
    before, summary = everything(project), tmp_path / "summary.md"
    done = called(project, "scripts/drill.sh", GITHUB_STEP_SUMMARY=str(summary), REGISTRY_PUSH="1")
    assert done.returncode == 0, done.stdout
    assert "prod is v0.2.0; in a scratch clone it was rolled back to v0.1.0." in done.stdout
    assert "| changed predictions  | 0 " in done.stdout
    assert everything(project) == before
    told = (project / "build" / "drill.md").read_text("utf-8")
    assert summary.read_text("utf-8") == told
    assert told.startswith("## Rollback drill: it works\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rollback_that_would_not_work_turns_the_drill_red(project: Path, fault: str) -> None:
    script, name = FAULTS[fault]
    shutil.copy(project / "scripts" / "rollback.sh", project / "scripts" / "as-it-was.sh")
    text = f"#!/usr/bin/env bash\nset -euo pipefail\n{script}\n"
    (project / "scripts" / "rollback.sh").write_text(text, "utf-8")
    commit(project, fault)
    before = everything(project)
    done = called(project, "scripts/drill.sh")
    assert done.returncode == 20, done.stdout
    assert name in failed(done.stdout)
    assert everything(project) == before


def test_where_nothing_served_before_the_drill_is_not_held(
    two_versions: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(two_versions, tmp_path / "project", symlinks=True))
    done = called(project, "scripts/drill.sh")
    assert done.returncode == 0, done.stdout
    assert "## Rollback drill: not held" in done.stdout
