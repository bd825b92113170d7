"""The rollback drill runs in a clone, changes nothing, and detects a rollback that fails."""

import os
import shutil
from pathlib import Path

import pytest

from tests.checkout import git
from tests.ci.delivery import Desk

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
def serving(desk: Desk) -> Desk:
    """The shared files, where two versions have served."""
    for version in ("v0.1.0", "v0.2.0"):
        desk.promote(version)
    return desk


def state(project: Path) -> tuple[str, str, dict[str, bytes]]:
    """Return the state that a drill must not change."""
    served = {one.name: one.read_bytes() for one in project.glob("served/prod/*")}
    return git(project, "for-each-ref"), git(project, "status", "--porcelain"), served


def failed(report: str) -> list[str]:
    """Return the checks that failed."""
    return [line.split("|")[1].strip() for line in report.splitlines() if "FAIL" in line]


def test_a_drill_rehearses_a_rollback_and_changes_nothing(serving: Desk, tmp_path: Path) -> None:
    """It runs where the version that serves has been installed, with the right to push."""
    before, summary = state(serving.clone), tmp_path / "summary.md"
    output = serving.run("env", f"GITHUB_STEP_SUMMARY={summary}", "scripts/drill.sh")
    assert "prod is v0.2.0; in a scratch clone it was rolled back to v0.1.0." in output
    assert "| changed predictions  | 0 " in output
    assert state(serving.clone) == before
    assert "model.onnx" in before[-1]
    report = (serving.clone / "build" / "drill.md").read_text("utf-8")
    assert summary.read_text("utf-8") == report
    assert report.startswith("## Rollback drill: it works\n")
    assert "model#prod#3" not in git(serving.bare, "tag")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_rollback_fails_the_drill(serving: Desk, fault: str) -> None:
    script, name = FAULTS[fault]
    scripts = serving.clone / "scripts"
    shutil.copy(scripts / "rollback.sh", scripts / "as-it-was.sh")
    text = f"#!/usr/bin/env bash\nset -euo pipefail\n{script}\n"
    (scripts / "rollback.sh").write_text(text, "utf-8")
    serving.push(fault)
    job = serving.job()
    before = state(job)
    done = serving.run_at(job, "scripts/drill.sh")
    assert done.returncode == 20, done.stdout
    assert name in failed(done.stdout)
    assert state(job) == before


def test_without_a_previous_version_the_drill_is_skipped(desk: Desk) -> None:
    done = desk.run_at(desk.job(), "scripts/drill.sh")
    assert done.returncode == 0, done.stdout
    assert "## Rollback drill: not held" in done.stdout
