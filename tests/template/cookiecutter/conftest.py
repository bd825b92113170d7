"""A desk with Cookiecutter, with Copier beside it or without."""

from pathlib import Path

import pytest

from tests.conftest import made_once
from tests.template.cookiecutter.session import Desk, without_copier


@pytest.fixture(scope="session")
def bare(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with Cookiecutter and without Copier."""
    made = made_once(shared / "bare", tmp_path_factory.mktemp("make"), without_copier)
    return made / "bin" / "python"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with Copier beside Cookiecutter."""
    return Desk(tmp_path / "desk")


@pytest.fixture
def lonely(tmp_path: Path, bare: Path) -> Desk:
    """A desk without Copier."""
    return Desk(tmp_path / "desk", bare)
