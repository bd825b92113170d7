"""What the page about deployment tells a reader to type does what it says."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import ROOT, WITHOUT_VENV
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.infra.engine import Engine, needed

PAGE = ROOT / "docs" / "how-to" / "deploy.md"


def test_all_is_run_but_what_a_test_cannot_do() -> None:
    left = [block.text.split()[0:2] for block in blocks(PAGE) if block.note.startswith("not run: ")]
    assert left == [
        ["$", "scripts/scan.sh"],
        ["scripts/image.sh", "pipeline"],
        ["kubectl", "apply"],
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("rest_image", "edge_image")
def test_the_page_goes_as_told(
    engine: Engine, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("promtool", "amtool", "curl")
    for name, value in engine.environment().items():
        monkeypatch.setenv(name, value)
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    with Walk(project, trained) as reader:
        reader.through(blocks(PAGE))
