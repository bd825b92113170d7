"""Pictures in the documentation: they exist, and the pipeline's shows `dvc.yaml` as it is now."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tools import pictures
from tools.pipeline_picture import draw, edges, read_stages
from tools.steps import StepFailed, Steps

PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
SOURCE = re.compile(r"!\[[^]]*\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"")


def linked(page: Path) -> list[Path]:
    """Return the files of the pictures on a page."""
    found = SOURCE.findall(page.read_text("utf-8"))
    return [page.parent / (markdown or html) for markdown, html in found]


def test_the_pipeline_picture_is_up_to_date() -> None:
    assert pictures.outdated(pictures.pipeline()) == ""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("models/trials.json]", "models/history.json]", "out of date"),
        ("  evaluate:", "  measure:", "no figure of stage 'measure'"),
        ("      - models/evaluation.json\n", "", "out of date"),
    ],
)
def test_a_changed_pipeline_is_detected(old: str, new: str, reason: str) -> None:
    text = pictures.pipeline()
    assert old in text
    assert reason in pictures.outdated(text.replace(old, new))


def test_an_edge_leads_from_the_stage_that_writes_a_file_to_each_that_reads_it() -> None:
    stages = read_stages(pictures.pipeline())
    names = [stage.name for stage in stages]
    found = {(names[before], names[after]) for before, after in edges(stages)}
    assert {*pairwise(names)} < found
    assert ("prepare", "gate") in found
    assert ("ingest", "gate") not in found


def test_a_stage_without_a_figure_is_an_error() -> None:
    with pytest.raises(KeyError, match="ingest"):
        draw(pictures.pipeline(), {})


def test_every_picture_exists_and_every_file_is_shown() -> None:
    shown = {file.resolve() for page in PAGES for file in linked(page)}
    assert [file for file in shown if not file.exists()] == []
    assert {*pictures.FOLDER.glob("*.*")} - shown == {pictures.FIGURES}


def test_pictures_are_small() -> None:
    sizes = [file.stat().st_size for file in pictures.FOLDER.iterdir()]
    assert max(sizes) <= pictures.LARGEST_PNG


def test_a_missing_browser_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "BROWSERS", ("no-such-browser",))
    with pytest.raises(StepFailed, match="Chromium not found; install it"):
        pictures.screenshot(Steps(), tmp_path / "page.html", "light", "1,1", tmp_path / "a.png")
