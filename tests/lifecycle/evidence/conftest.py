"""Fixtures: a project of level 3 after a fortnight of its schedules, and copies of it."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.lifecycle.evidence.evidence_life import Life, make_project

DAYS = 14
PUSHES = (1, 8, 13)


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Return a project with evidence; do not change it."""
    life = Life(make_project(tmp_path_factory.mktemp("fortnight") / "project", 3))
    for day in range(1, DAYS + 1):
        life.day_of_ci(push=day in PUSHES, canary=True)
    life.later(hours=1)
    return life


@pytest.fixture
def life(fortnight: Life, tmp_path: Path) -> Life:
    """Return a copy of that project, an hour later."""
    folder = shutil.copytree(fortnight.folder, tmp_path / "project", symlinks=True)
    return Life(folder, fortnight.now + timedelta(hours=1))
