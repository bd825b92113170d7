"""Fixture: the template with all its releases."""

from pathlib import Path

import pytest

from tests.conftest import build_once
from tests.releases import with_releases


@pytest.fixture(scope="session")
def released(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template with a tag for every release, and the current files as the newest."""
    workshop = tmp_path_factory.mktemp("make")
    return build_once(shared / "released", workshop, with_releases)
