"""The documentation becomes pages, and each of its links leads somewhere."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT


def built(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Build the pages of a copy of the documentation."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def documentation(tmp_path: Path) -> Path:
    """A copy of the documentation, to be spoilt at will."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    return tmp_path


def test_the_documentation_becomes_pages(documentation: Path) -> None:
    done = built(documentation)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (documentation / "site" / "tutorials" / "first-project.html").exists()


def test_a_link_that_leads_nowhere_is_seen(documentation: Path) -> None:
    with (documentation / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[Gone](gone.md)\n")
    assert built(documentation).returncode != 0
