"""The reader of the documentation detects where a page and its commands disagree."""

from pathlib import Path

import pytest

from tests.docs.blocks import Block, apply_diff, blocks, commands, first_missing
from tests.docs.walk import Walk, working_folder


def console(*lines: str, note: str = "") -> Block:
    return Block("page.md:1", "console", "", note, list(lines))


@pytest.fixture
def reader(tmp_path: Path) -> Walk:
    return Walk(working_folder(tmp_path), tmp_path)


def test_unexpected_output_is_detected(reader: Walk) -> None:
    reader.do(console("$ echo one two", "one …"))
    with pytest.raises(AssertionError, match=r"page\.md:1: echo one does not print\ntwo"):
        reader.do(console("$ echo one", "two"))


def test_a_failing_command_must_be_documented_as_failing(reader: Walk) -> None:
    reader.do(console("$ echo error: no such thing; exit 1", "error: no such thing"))
    with pytest.raises(AssertionError, match="false"):
        reader.do(console("$ false"))
    with pytest.raises(AssertionError, match="echo error"):
        reader.do(console("$ echo error: but it succeeds", "error: but it succeeds"))


def test_a_failing_command_before_a_pipe_is_detected(reader: Walk) -> None:
    with pytest.raises(AssertionError, match="false"):
        reader.do(console("$ false |", "  cat"))


def test_a_change_of_folder_persists(reader: Walk) -> None:
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


def test_a_service_that_exits_is_detected(reader: Walk) -> None:
    with pytest.raises(AssertionError, match="ended\nno model"):
        reader.do(console("$ echo no model", "ready", note="keeps running"))


def test_only_sections_of_the_project_are_written_to_its_parameters(
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
def test_lines_must_be_in_order_and_numbers_close(expected: list[str], holds: bool) -> None:
    assert (first_missing(expected, "a\nb\nc\nloss 0.50 of 7\n") == "") == holds


def test_a_backslash_or_a_pipe_continues_a_command() -> None:
    found = commands(console("$ one |", "  two", "printed", "$ three \\", "  four"))
    assert [command.text for command in found] == ["one |\n  two", "three \\\n  four"]
    assert [command.output for command in found] == [["printed"], []]


@pytest.mark.parametrize("text", ["```console\n$ one\n", "```console {.run}\n$ one\n```\n"])
def test_an_invalid_page_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"page\.md:1: "):
        blocks(tmp_path / "page.md")


@pytest.mark.parametrize("content", ["", "a\na\n"])
def test_a_change_must_apply_exactly_once(content: str) -> None:
    with pytest.raises(ValueError, match=r"times, not once"):
        apply_diff(["-a", "+b"], content)
