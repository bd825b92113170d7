"""Tests that the page on `modelyard fleet update` works, up to the pushed branches."""

import os
from pathlib import Path

import pytest

from tests.checkout import ROOT, git
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.lifecycle.fleets import file_at

PAGE = ROOT / "docs" / "how-to" / "update-the-fleet.md"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_the_page_works_and_its_branches_are_pushed(team: Path, tools: Path) -> None:
    with Walk(team, team) as reader:
        reader.run_page(blocks(PAGE))
    assert tools.read_text("utf-8").splitlines() == [
        f"{name}: gh pr create --head template-update --fill" for name in ("demand", "prices")
    ]
    for name in ("demand", "prices"):
        bare = team / "origins" / f"{name}.git"
        assert "line six\n" in file_at(bare, "template-update", "text.txt")
        assert "line six\n" not in file_at(bare, "main", "text.txt")
    assert git(team / "origins" / "churn.git", "branch", "--list", "template-update") == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
@pytest.mark.parametrize(("name", "code"), [("prices", 0), ("delays", 0), ("churn", 20)])
def test_the_script_for_multi_gitter_leaves_uncommitted_changes_or_fails(
    team: Path, tools: Path, name: str, code: int
) -> None:
    git(team, "clone", "--quiet", "--depth", "1", f"file://{team}/origins/{name}.git", "clone")
    clone = team / "clone"
    git(clone, "switch", "--quiet", "--create", "modelyard")
    (script,) = (block for block in blocks(PAGE) if block.title)
    with Walk(clone, clone) as caller:
        (clone.parent / script.title).write_text(script.text, "utf-8")
        done = caller.run(f"bash ../{script.title}")
    assert done.returncode == code, done.stdout
    assert ("text.txt" in git(clone, "status", "--porcelain")) == (name == "prices")
    assert ("conflicts in text.txt" in done.stdout) == (name == "churn")
    assert git(clone, "branch", "--list").split() == ["main", "*", "modelyard"]
    assert sorted(path.name for path in team.iterdir() if "clone" in path.name) == ["clone"]


def test_only_the_blocks_that_no_test_can_run_are_skipped() -> None:
    left = [block.lines[0] for block in blocks(PAGE) if block.note.startswith("not run: ")]
    assert [line.split()[0] for line in left] == ["(cd", "chmod"]
