"""Fixtures: a trained project with a DVC remote, and pushes of it for a CI host and level."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.checkout import commit, git
from tests.ci.hosts import run_in
from tests.ci.pushed import Origin
from tests.conftest import EVERY_TARGET, Render, file_lock

Push = Callable[[str, int], Origin]
LEFT = shutil.ignore_patterns(".venv", "__pycache__")
STORED = ("data", "features", "models", "reports", "dvc.lock", "uv.lock", "params.yaml", ".dvc")
EASY = "over_baseline:\n    roc_auc: -0.1"  # a short training need not beat the baseline


def change(file: Path, old: str, new: str) -> None:
    """Replace the only match of a pattern in a file."""
    text, count = re.subn(old, new, file.read_text("utf-8"))
    assert count == 1, f"{file.name}: {old!r} matches {count} times, not once"
    file.write_text(text, "utf-8")


def remove_section(params: Path, section: str) -> None:
    """Remove a section from a `params.yaml`."""
    sections = yaml.safe_load(params.read_text("utf-8"))
    del sections[section]
    params.write_text(yaml.safe_dump(sections), "utf-8")


@pytest.fixture(scope="session")
def project_store(trained: Path, shared: Path) -> Path:
    """A folder with `project` (trained), `store` (its DVC remote), `kept` (caches of CI jobs)."""
    folder = shared / "shelf"
    project = folder / "project"
    with file_lock(shared / "shelf.lock"):
        if not (folder / "kept").exists():
            shutil.copytree(trained, project, ignore=LEFT, symlinks=True)
            change(project / "params.yaml", r"over_baseline:[^\n]*\n\s+roc_auc: 0\.0", EASY)
            change(project / ".dvc" / "config", r"url = .*", f"url = {folder / 'store'}")
            commit(project, "Easy to please")
            for words in (["repro", "--quiet"], ["push", "--quiet"]):
                done = run_in(project, "uv", "run", "dvc", *words)
                assert done.returncode == 0, done.stdout
            shutil.move(project / ".dvc" / "cache", folder / "kept" / "cache")
    return folder


@pytest.fixture
def push(render: Render, project_store: Path, tmp_path: Path) -> Push:
    """Return a function that pushes the trained project, generated for a host and a level."""

    def pushed(host: str, level: int) -> Origin:
        project = tmp_path / "author"
        answers = EVERY_TARGET | {"ci_host": host, "automation_level": level}
        shutil.copytree(render(answers), project)
        for name in STORED:
            source = project_store / "project" / name
            if source.is_dir():
                shutil.copytree(source, project / name, ignore=LEFT, dirs_exist_ok=True)
            else:
                shutil.copy2(source, project / name)
        if level < 3:
            remove_section(project / "params.yaml", "canary")
        git(tmp_path, "init", "--quiet", "--initial-branch", "main", project.name)
        commit(project, "Trained")
        origin = Origin(tmp_path, host, project_store / "kept")
        git(tmp_path, "clone", "--quiet", "--bare", project.name, origin.bare.name)
        git(project, "remote", "add", "origin", str(origin.bare))
        return origin

    return pushed
