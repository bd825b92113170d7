"""What the README and the tutorials tell a reader to type does what they say."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.blocks import Block, applied, blocks, commands, unseen
from tests.conftest import Render
from tests.repository import ROOT, commit, tracked
from tests.walk import Walk, whole

FIRST, OWN = (
    ROOT / "docs" / "tutorials" / f"{name}.md" for name in ("first-project", "your-own-data")
)
EDGE = ROOT / "docs" / "how-to" / "edge.md"
README = ROOT / "README.md"
REST = ROOT / "docs" / "how-to" / "rest.md"
PAGES = [README, FIRST, OWN, EDGE, REST]
DIABETES = ROOT / "tests" / "swap" / "diabetes"
LEFT_OUT = {
    "edge.md": [],
    "README.md": ["uvx copier copy https://YOUR-HOST/modelyard my-project", "make test"],
    "first-project.md": ["$ uv run pytest"],
    "your-own-data.md": ["$ uv run pytest -q"],
    "rest.md": [],
}


# The pages as they are written


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


# Their commands


@pytest.mark.slow
def test_the_first_project_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template) as reader:
        reader.through(blocks(FIRST))


@pytest.mark.slow
def test_your_own_data_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template, quoted=DIABETES) as reader:
        reader.through(blocks(OWN))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has one worker only")
def test_the_rest_service_goes_as_told(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.through(blocks(REST))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="make")
def test_the_readme_works_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "modelyard"
    for file in tracked():
        (clone / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, clone / file.relative_to(ROOT))
    commit(clone, "As it stands")
    with Walk(clone, clone) as reader:
        reader.through(blocks(README))


@pytest.mark.slow
def test_edge_goes_as_told(render: Render, template: Path, tmp_path: Path) -> None:
    rendered = render({"serving_targets": ["edge"]})
    project = Path(shutil.copytree(rendered, desk(tmp_path) / "project"))
    commit(project, "Born")
    with Walk(project, template) as reader:
        assert reader.run("uv run dvc repro").returncode == 0
        reader.through(blocks(EDGE))


def desk(folder: Path) -> Path:
    made = folder / "desk"
    made.mkdir()
    return made


# The reader itself


def console(*lines: str, note: str = "") -> Block:
    return Block("page.md:1", "console", "", note, list(lines))


@pytest.fixture
def reader(tmp_path: Path) -> Walk:
    return Walk(desk(tmp_path), tmp_path)


def test_a_command_that_prints_something_else_is_seen(reader: Walk) -> None:
    reader.do(console("$ echo one two", "one …"))
    with pytest.raises(AssertionError, match=r"page\.md:1: echo one does not print\ntwo"):
        reader.do(console("$ echo one", "two"))


def test_a_command_that_fails_must_be_said_to_fail(reader: Walk) -> None:
    reader.do(console("$ echo error: no such thing; exit 1", "error: no such thing"))
    with pytest.raises(AssertionError, match="false"):
        reader.do(console("$ false"))
    with pytest.raises(AssertionError, match="echo error"):
        reader.do(console("$ echo error: but it succeeds", "error: but it succeeds"))


def test_a_failing_command_in_front_of_a_pipe_is_seen(reader: Walk) -> None:
    with pytest.raises(AssertionError, match="false"):
        reader.do(console("$ false |", "  cat"))


def test_a_reader_stays_in_the_folder_to_which_they_went(reader: Walk) -> None:
    reader.do(console("$ mkdir -p project && cd project"))
    reader.do(Block("page.md:2", "bash", "", "", ["echo here > file.txt"]))
    reader.do(Block("page.md:3", "diff", "file.txt", "", ["-here", "+there"]))
    assert (reader.folder / "file.txt").read_text("utf-8") == "there\n"
    assert reader.folder.name == "project"


def test_a_service_runs_until_the_page_ends(reader: Walk) -> None:
    with reader:
        reader.do(console("$ echo ready; sleep 600", "ready", note="keeps running"))
        assert reader.running[0].poll() is None
    assert reader.running[0].poll() is not None


def test_a_service_that_ends_is_seen(reader: Walk) -> None:
    with pytest.raises(AssertionError, match="ended\nno model"):
        reader.do(console("$ echo no model", "ready", note="keeps running"))


MATCHES = [
    (["b"], True),
    (["a", "c"], True),
    (["a", "...", "c"], True),
    (["c", "a"], False),
    (["d"], False),
    (["a", "a"], False),
    (["loss 0.51 of …"], True),
    (["loss 0.70 of …"], False),
    (["loss 0.50"], False),
]


@pytest.mark.parametrize(("expected", "holds"), MATCHES)
def test_lines_must_come_in_their_turn_and_numbers_be_near(
    expected: list[str], holds: bool
) -> None:
    assert (unseen(expected, "a\nb\nc\nloss 0.50 of 7\n") == "") == holds


def test_a_command_goes_on_after_a_backslash_or_a_pipe() -> None:
    found = commands(console("$ one |", "  two", "printed", "$ three \\", "  four"))
    assert [command.text for command in found] == ["one |\n  two", "three \\\n  four"]
    assert [command.output for command in found] == [["printed"], []]


@pytest.mark.parametrize("text", ["```console\n$ one\n", "```console {.run}\n$ one\n```\n"])
def test_a_page_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"page\.md:1: "):
        blocks(tmp_path / "page.md")


@pytest.mark.parametrize("content", ["", "a\na\n"])
def test_a_change_must_fit_in_one_place(content: str) -> None:
    with pytest.raises(ValueError, match=r"times, not once"):
        applied(["-a", "+b"], content)
