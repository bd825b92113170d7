"""Fixtures: the template as it stands on disk, and the projects rendered from it."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy

from tests.repository import commit, snapshot

Render = Callable[[Mapping[str, Any]], Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this suite."""
    parser.addoption(
        "--update-trees", action="store_true", help="rewrite tests/trees/ from what is rendered"
    )


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no answers that somebody keeps for Copier reach the projects."""
    nothing = tmp_path_factory.mktemp("settings") / "settings.yml"
    nothing.write_text("{}\n", "utf-8")
    os.environ["COPIER_SETTINGS_PATH"] = str(nothing)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this session's folder, one for all workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def template(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository of the template with its uncommitted changes, tagged v0.2.0."""

    def make(folder: Path) -> None:
        snapshot(folder)
        commit(folder, "As it stands", tag="v0.2.0")

    return made_once(shared / "template", tmp_path_factory.mktemp("make"), make)


@pytest.fixture(scope="session")
def render(shared: Path, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Return a function that gives the project for some answers; nobody may change that folder."""

    def rendered(answers: Mapping[str, Any]) -> Path:
        def make(folder: Path) -> None:
            run_copy(str(template), folder, data=dict(answers), defaults=True, quiet=True)

        key = hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]
        return made_once(shared / f"render-{key}", tmp_path_factory.mktemp("make"), make)

    return rendered


def made_once(place: Path, workshop: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first caller makes; other processes see it whole or not at all."""
    if place.exists():
        return place
    make(workshop / "made")
    try:
        (workshop / "made").rename(place)
    except OSError:
        if not place.exists():
            raise
    return place
