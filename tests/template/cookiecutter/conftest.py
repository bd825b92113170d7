"""Fixtures: a session with Cookiecutter, with or without Copier installed."""

from pathlib import Path

import pytest

from tests.conftest import build_once
from tests.template.cookiecutter.session import Session, without_copier


@pytest.fixture(scope="session")
def bare(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment with Cookiecutter but without Copier."""
    venv = build_once(shared / "bare", tmp_path_factory.mktemp("make"), without_copier)
    return venv / "bin" / "python"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session with Cookiecutter and Copier."""
    return Session(tmp_path / "session")


@pytest.fixture
def without(tmp_path: Path, bare: Path) -> Session:
    """A session with Cookiecutter but without Copier."""
    return Session(tmp_path / "session", bare)
