"""What the README and the tutorials tell a reader to type does what they say."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.blocks import Block, blocks, commands, unseen
from tests.conftest import Render
from tests.repository import ROOT
from tests.walk import Walk

TUTORIALS = ROOT / "docs" / "tutorials"
FIRST, OWN = TUTORIALS / "first-project.md", TUTORIALS / "your-own-data.md"


@pytest.mark.slow
def test_the_first_project_goes_as_told(template: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    with Walk(tmp_path / "desk", template) as reader:
        reader.through(blocks(FIRST))
