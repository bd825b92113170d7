"""A template with all its releases."""

from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.releases import with_releases


@pytest.fixture(scope="session")
def released(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template with every release as a tag, and what is on disk as the newest."""
    workshop = tmp_path_factory.mktemp("make")
    return made_once(shared / "released", workshop, with_releases)
