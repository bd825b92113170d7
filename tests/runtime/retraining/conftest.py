"""Fixtures: a project with a one-stage pipeline, with a stubbed monitor and registry."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from modelyard.monitoring import report
from modelyard.registry.backend import Version
from modelyard.registry.dvc import run_streaming
from modelyard.retraining import inputs, ledger, reproduce, retraining

from tests.runtime import example
from tests.runtime.one_stage_project import create_project, run_here


@pytest.fixture(scope="session")
def template_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained project; tests use copies of it."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        create_project(example.place())
    return folder


@pytest.fixture
def monitor_report() -> dict[str, Any]:
    """The report that the stubbed monitor returns."""
    return {"outcome": "fine", "reasons": [], "model": {"version": "m"}}


@pytest.fixture
def folder(
    template_project: Path,
    tmp_path: Path,
    monitor_report: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A copy of the project as working folder; its monitor returns `monitor_report`."""
    copy = Path(shutil.copytree(template_project, tmp_path / "project"))
    monkeypatch.chdir(copy)
    monkeypatch.setenv("SERVING_DIR", "")  # restored at the end; a run sets it
    monkeypatch.setattr(report, "build_report", lambda *_: monitor_report)
    monkeypatch.setattr(inputs, "hash_current_rows", lambda *_: "rows")
    monkeypatch.setattr(inputs, "newest_row", lambda _, day: day - timedelta(days=1))
    for one in (inputs, ledger):
        monkeypatch.setattr(one, "hash_snapshot", lambda: "rows")
    monkeypatch.setattr(reproduce, "run_streaming", run_here)
    monkeypatch.setattr(retraining, "register_commit", lambda *_: Version("v0.1.0", ""))
    return copy


@pytest.fixture
def own_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the pipeline in a process of its own, as users do; it takes a second."""
    monkeypatch.setattr(reproduce, "run_streaming", run_streaming)
