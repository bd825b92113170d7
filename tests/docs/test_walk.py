"""The reader of the documentation sees what does not go as told."""

from pathlib import Path

import pytest

from tests.docs.blocks import Block, applied, blocks, commands, unseen
from tests.docs.walk import Walk, desk


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


def test_of_parameters_only_the_sections_that_the_project_has_are_written(
    reader: Walk, tmp_path: Path
) -> None:
    (reader.folder / "params.yaml").write_text("data:\n  a: 1\ngate:\n  b: 2\n", "utf-8")
    (tmp_path / "params.yaml").write_text("# Ours\ndata:\n  a: 3\nedge:\n  c: 4\n", "utf-8")
    reader.quoted = tmp_path
    reader.do(Block("page.md:1", "yaml", "params.yaml", "", ["data:", "  a: 3"]))
    assert (reader.folder / "params.yaml").read_text("utf-8") == "# Ours\ndata:\n  a: 3\n"


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
