"""A project of one stage, in which a test decides or retrains."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from modelyard.monitoring import report
from modelyard.registry.events import Version
from modelyard.retraining import inputs, ledger, retraining

from tests.runtime import example
from tests.runtime.one_stage_project import bear


@pytest.fixture(scope="session")
def born(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, trained once; nobody may change it."""
    folder = tmp_path_factory.mktemp("born")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        bear(example.place())
    return folder


@pytest.fixture
def said() -> dict[str, Any]:
    """What the monitor says."""
    return {"outcome": "fine", "reasons": [], "model": {"version": "m"}}


@pytest.fixture
def folder(
    born: Path, tmp_path: Path, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the project, in which a test starts; its monitor says what `said` is."""
    copy = Path(shutil.copytree(born, tmp_path / "project"))
    monkeypatch.chdir(copy)
    monkeypatch.setattr(report, "look", lambda *_: said)
    monkeypatch.setattr(inputs, "rows_now", lambda *_: "rows")
    for one in (inputs, ledger):
        monkeypatch.setattr(one, "rows_known", lambda: "rows")
    monkeypatch.setattr(retraining, "register_commit", lambda *_: Version("v0.1.0", ""))
    return copy
