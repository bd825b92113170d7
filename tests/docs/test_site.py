"""The documentation site builds, and each of its links has a target."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT


def build(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Build the site from a copy of the documentation."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def documentation(tmp_path: Path) -> Path:
    """A copy of the documentation, for a test to damage."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    return tmp_path


def test_the_documentation_site_builds(documentation: Path) -> None:
    done = build(documentation)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (documentation / "site" / "tutorials" / "first-project.html").exists()


def test_a_broken_link_is_detected(documentation: Path) -> None:
    with (documentation / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[Gone](gone.md)\n")
    assert build(documentation).returncode != 0
