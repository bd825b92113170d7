"""Fixtures: a trained project with a DVC remote, and bare repositories of it.

Jobs and people work in clones of a bare repository, with nothing in their folders; models and data
come from the DVC remote.
"""

import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

from tests.checkout import commit, git
from tests.ci.delivery import Desk
from tests.ci.hosts import run_in
from tests.ci.pushed import Origin
from tests.conftest import EVERY_TARGET, Render, file_lock
from tests.versions import clone_origin, libraries, worker_environment

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
def project_store(trained: Path, two_versions: Path, shared: Path) -> Path:
    """A folder with `project` (trained), `store` (its DVC remote), `kept` (caches of CI jobs).

    The caches know the runs of both versions: with 80 rounds, jobs run only the gate.
    """
    folder = shared / "shelf"
    project = folder / "project"
    with file_lock(shared / "shelf.lock"):
        if not (folder / "kept").exists():
            shutil.copytree(trained, project, ignore=LEFT, symlinks=True)
            shutil.rmtree(project / ".dvc" / "cache")
            shutil.copytree(two_versions / ".dvc" / "cache", project / ".dvc" / "cache")
            change(project / "params.yaml", r"over_baseline:[^\n]*\n\s+roc_auc: 0\.0", EASY)
            change(project / ".dvc" / "config", r"url = .*", f"url = {folder / 'store'}")
            commit(project, "Easy to please")
            for words in (["repro", "--quiet"], ["push", "--quiet"]):
                done = run_in(project, "uv", "run", "dvc", *words, **libraries(trained, project))
                assert done.returncode == 0, done.stdout
            shutil.move(project / ".dvc" / "cache", folder / "kept" / "cache")
    return folder


@pytest.fixture
def push(render: Render, project_store: Path, tmp_path: Path) -> Push:
    """Return a function that pushes the trained project, generated for a host and a level."""
    return partial(publish, render, project_store, tmp_path)


@pytest.fixture(scope="module")
def pushed(render: Render, project_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Origin:
    """The trained project of level 3, pushed for GitHub; the tests of a file share it."""
    return publish(render, project_store, tmp_path_factory.mktemp("pushed"), "github", 3)


@pytest.fixture
def desk(two_versions: Path, trained: Path, tmp_path: Path) -> Desk:
    """A bare repository of the project with two versions, and a colleague's clone."""
    return Desk.create(two_versions, trained, tmp_path)


def publish(render: Render, project_store: Path, folder: Path, host: str, level: int) -> Origin:
    """Push the trained project, generated for a host and a level, to a new bare repository."""
    project = folder / "made"
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
    git(folder, "init", "--quiet", "--initial-branch", "main", project.name)
    commit(project, "Trained")
    venv = worker_environment(project_store.parent)
    origin = Origin(folder, host, project_store / "kept", venv)
    git(folder, "clone", "--quiet", "--bare", project.name, origin.bare.name)
    shutil.rmtree(project)
    clone_origin(origin.bare, origin.author)
    return origin
