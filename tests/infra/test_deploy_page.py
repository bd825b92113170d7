"""The commands of the deployment guide do what the page says."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import ROOT, WITHOUT_VENV
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.infra.engine import Engine, require_tools

PAGE = ROOT / "docs" / "how-to" / "deploy.md"


def test_all_blocks_but_the_listed_ones_run() -> None:
    left = [block.text.split()[0:2] for block in blocks(PAGE) if block.note.startswith("not run: ")]
    assert left == [
        ["$", "scripts/scan.sh"],
        ["scripts/image.sh", "pipeline"],
        ["kubectl", "--namespace"],
        ["kubectl", "apply"],
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("rest_image", "edge_image")
def test_the_deployment_guide_works(
    engine: Engine, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_tools("promtool", "amtool", "curl")
    for name, value in engine.environment().items():
        monkeypatch.setenv(name, value)
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    with Walk(project, trained) as reader:
        reader.run_page(blocks(PAGE))
