"""The pages are whole: their quotes, changes and links fit, and all is run but what is named."""

import re
from pathlib import Path

import pytest
from copier._vcs import get_repo
from modelyard.cli.components import COMPONENTS
from modelyard.cli.unavailable import LIFECYCLE_COMMANDS as LIFECYCLE

from tests.checkout import ROOT
from tests.conftest import Render
from tests.docs.blocks import applied, blocks
from tests.docs.pages import DIABETES, FIRST, LEFT_OUT, OWN, PAGES
from tests.docs.walk import SOURCE, whole

COMMANDS = ROOT / "docs" / "reference" / "commands.md"


def test_copier_takes_the_address_in_the_pages_for_a_repository() -> None:
    assert get_repo(SOURCE) == SOURCE
    assert get_repo(SOURCE.removesuffix(".git")) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_all_is_run_but_what_a_test_cannot_do(page: Path) -> None:
    left = [block.lines[0] for block in blocks(page) if block.note.startswith("not run: ")]
    assert left == LEFT_OUT[page.name]


def test_what_your_own_data_quotes_is_what_the_swap_test_runs() -> None:
    quoted = [block for block in blocks(OWN) if block.title and block.language != "diff"]
    for block in quoted:
        assert block.text in whole(block, DIABETES).read_text("utf-8"), block.place
    files = {whole(block, DIABETES) for block in quoted}
    assert files == {file for file in DIABETES.rglob("*") if file.suffix in (".py", ".yaml")}


def test_the_changes_of_your_own_data_fit_its_files_and_end_where_they_began() -> None:
    changed: dict[Path, str] = {}
    for block in (block for block in blocks(OWN) if block.language == "diff"):
        file = whole(block, DIABETES)
        changed[file] = applied(block.lines, changed.get(file) or file.read_text("utf-8"))
    assert changed
    assert {file: file.read_text("utf-8") for file in changed} == changed


def test_the_changes_of_the_first_project_fit_its_files(render: Render) -> None:
    project = render({})
    changes = [block for block in blocks(FIRST) if block.language == "diff"]
    for block in changes:
        text = (project / block.title).read_text("utf-8")
        assert applied(block.lines, text) != text, block.place
    assert len(changes) == 3


def test_each_command_has_its_row_and_says_what_it_needs() -> None:
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
