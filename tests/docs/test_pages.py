"""Quotes, changes and links of the pages are valid, and all blocks but the listed ones run."""

import re
from pathlib import Path

import pytest
from copier._vcs import get_repo
from modelyard.cli.components import COMPONENTS
from modelyard.cli.components import LIFECYCLE_COMMANDS as LIFECYCLE

from tests.checkout import ROOT
from tests.conftest import Render
from tests.docs.blocks import apply_diff, blocks
from tests.docs.pages import DIABETES, FIRST, LEFT_OUT, OWN, PAGES
from tests.docs.walk import SOURCE, quoted_file

COMMANDS = ROOT / "docs" / "reference" / "commands.md"


def test_copier_accepts_the_address_in_the_pages_as_a_repository() -> None:
    assert get_repo(SOURCE) == SOURCE
    assert get_repo(SOURCE.removesuffix(".git")) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_all_blocks_but_the_listed_ones_run(page: Path) -> None:
    left = [block.lines[0] for block in blocks(page) if block.note.startswith("not run: ")]
    assert left == LEFT_OUT[page.name]


def test_your_own_data_quotes_the_files_of_the_swap_test() -> None:
    quoted = [block for block in blocks(OWN) if block.title and block.language != "diff"]
    for block in quoted:
        assert block.text in quoted_file(block, DIABETES).read_text("utf-8"), block.place
    files = {quoted_file(block, DIABETES) for block in quoted}
    assert files == {file for file in DIABETES.rglob("*") if file.suffix in (".py", ".yaml")}


def test_the_changes_of_your_own_data_apply_and_restore_its_files() -> None:
    changed: dict[Path, str] = {}
    for block in (block for block in blocks(OWN) if block.language == "diff"):
        file = quoted_file(block, DIABETES)
        changed[file] = apply_diff(block.lines, changed.get(file) or file.read_text("utf-8"))
    assert changed
    assert {file: file.read_text("utf-8") for file in changed} == changed


def test_the_changes_of_the_first_project_apply_to_its_files(render: Render) -> None:
    project = render({})
    changes = [block for block in blocks(FIRST) if block.language == "diff"]
    for block in changes:
        text = (project / block.title).read_text("utf-8")
        assert apply_diff(block.lines, text) != text, block.place
    assert len(changes) == 3


def test_each_command_has_a_row_with_its_level_or_targets() -> None:
    row = r"(?m)^\| \w* ?\| `([a-z-]+)` \| [^|]+ \| ([^|]*?) ?\|"
    needs = dict(re.findall(row, COMMANDS.read_text("utf-8")))
    assert [name for name in needs if name in LIFECYCLE] == [*LIFECYCLE]
    assert {name: needs[name] for component in COMPONENTS for name in component.commands} == {
        name: f"level {component.level}" if component.level > 1 else " or ".join(component.targets)
        for component in COMPONENTS
        for name in component.commands
    }
    assert len(needs) == len(LIFECYCLE) + sum(len(component.commands) for component in COMPONENTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
