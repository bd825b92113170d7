"""Fixtures: the small template, its projects, and the `modelyard` command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import ROOT, git
from tests.lifecycle.fleets import make_fleet
from tests.lifecycle.forked_command import run_modelyard
from tests.lifecycle.small_template import generate, make_template

Done = subprocess.CompletedProcess[str]
Modelyard = Callable[..., Done]
MODELYARD = f"""\
#!/usr/bin/env bash
PYTHONPATH={ROOT / "src"} exec {sys.executable} -m modelyard_lifecycle "$@"
"""
GH = """\
#!/usr/bin/env bash
echo "$(basename "$PWD"): gh $*" >> "$NOTES"
"""


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show no progress, however slow this machine is."""
    monkeypatch.setenv("MODELYARD_PROGRESS_S", "600")


@pytest.fixture(scope="session")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small template; do not change it."""
    return make_template(tmp_path_factory.mktemp("family") / "template")


@pytest.fixture
def child(family: Path, tmp_path: Path) -> Path:
    """Return a project of the small template's first release."""
    return generate(family, tmp_path / "project")


@pytest.fixture
def modelyard() -> Modelyard:
    """Return a function that runs the `modelyard` command."""
    usual = {"NO_COLOR": "1", "COLUMNS": "100"}

    def run(*words: str | Path) -> Done:
        environment = usual | dict(os.environ) | {"PYTHONPATH": str(ROOT / "src")}
        return run_modelyard([str(word) for word in words], environment)

    return run


@pytest.fixture
def user_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that gives the user, who has a name and an address, git settings."""
    file = tmp_path / "gitconfig"

    def write(text: str) -> None:
        identity = "[user]\n\tname = A User\n\temail = user@example.invalid\n"
        file.write_text(identity + text, "utf-8")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))

    return write


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put `modelyard` and a fake `gh` on PATH; return the file that records the calls of `gh`."""
    folder, notes = tmp_path / "tools", tmp_path / "notes"
    folder.mkdir()
    for name, text in {"modelyard": MODELYARD, "gh": GH}.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("NOTES", str(notes))
    return notes


@pytest.fixture(scope="session")
def fleets(family: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's repositories; do not change them."""
    return make_fleet(family, tmp_path_factory.mktemp("fleets"))


@pytest.fixture
def team(fleets: Path, tmp_path: Path) -> Path:
    """A copy of the team's repositories for updates."""
    team = Path(shutil.copytree(fleets, tmp_path / "team"))
    for project in (team / "projects").iterdir():
        git(project, "remote", "set-url", "origin", str(team / "origins" / f"{project.name}.git"))
    return team
