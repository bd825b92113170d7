"""The page of `modelyard fleet update` goes as told, up to what is pushed."""

import os
from pathlib import Path

import pytest

from tests.checkout import ROOT, git
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.lifecycle.fleets import held

PAGE = ROOT / "docs" / "how-to" / "update-the-fleet.md"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_the_page_goes_as_told_and_what_it_pushes_arrives(team: Path, tools: Path) -> None:
    with Walk(team, team) as reader:
        reader.through(blocks(PAGE))
    assert tools.read_text("utf-8").splitlines() == [
        f"{name}: gh pr create --head template-update --fill" for name in ("demand", "prices")
    ]
    for name in ("demand", "prices"):
        bare = team / "origins" / f"{name}.git"
        assert "line six\n" in held(bare, "template-update", "text.txt")
        assert "line six\n" not in held(bare, "main", "text.txt")
    assert git(team / "origins" / "churn.git", "branch", "--list", "template-update") == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the script is Bash")
@pytest.mark.parametrize(("name", "code"), [("prices", 0), ("delays", 0), ("churn", 20)])
def test_multi_gitters_script_leaves_changes_to_be_committed_or_fails(
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
    assert ("both sides changed text.txt" in done.stdout) == (name == "churn")
    assert git(clone, "branch", "--list").split() == ["main", "*", "modelyard"]
    assert sorted(path.name for path in team.iterdir() if "clone" in path.name) == ["clone"]


def test_the_page_leaves_out_only_what_no_test_can_do() -> None:
    left = [block.lines[0] for block in blocks(PAGE) if block.note.startswith("not run: ")]
    assert [line.split()[0] for line in left] == ["(cd", "chmod"]
