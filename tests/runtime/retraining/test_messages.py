"""Messages as reasons to retrain."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from modelyard.retraining import messages


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty inbox."""
    return tmp_path


def write(inbox: Path, name: str, text: str) -> None:
    (inbox / name).write_text(text, "utf-8")


def test_a_message_is_a_reason(inbox: Path) -> None:
    write(inbox, "new-labels-7.json", '{"reason": "labels  came"}')
    (reason,), errors = messages.read_inbox(set(), inbox)
    assert (reason.due, reason.why, errors) == (True, "new-labels-7: labels came", [])


def test_a_handled_message_is_not_due(inbox: Path) -> None:
    write(inbox, "one.json", "{}")
    (reason,), _ = messages.read_inbox({"message:one"}, inbox)
    assert (reason.due, reason.why) == (False, "one was already handled")


def test_without_an_inbox_nothing_is_due(inbox: Path) -> None:
    (reason,), errors = messages.read_inbox(set(), inbox / "none")
    assert (reason.due, errors) == (False, [])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("one.json", "{", "is not JSON"),
        ("one.json", "[]", "holds a list, must be an object"),
        ("one.json", '{"id": "two"}', "id is 'two', must be the file's name, 'one'"),
        ("-x y.json", "{}", "the name must be 1 to 100 letters"),
    ],
)
def test_an_invalid_message_is_reported_and_does_not_block_others(
    name: str, text: str, expected: str, inbox: Path
) -> None:
    write(inbox, name, text)
    write(inbox, "zero.json", "{}")
    reasons, errors = messages.read_inbox(set(), inbox)
    assert [reason.key for reason in reasons] == ["message:zero"]
    assert expected in errors[0]


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "deep": (lambda file: file.write_bytes(b"[" * 90_000), "cannot be read"),
    "deep object": (lambda file: file.write_bytes(b'{"a":' * 18_000), "cannot be read"),
    "huge": (lambda file: file.write_bytes(b" " * 100_001), "at most 100,000 bytes"),
    "endless number": (lambda file: file.write_bytes(b"9" * 90_000), "is not JSON"),
    "latin-1": (lambda file: file.write_bytes(b'{"reason": "\xe9"}'), "is not JSON"),
    "folder": (lambda file: file.mkdir(), "must be a file"),
    "dangling link": (lambda file: file.symlink_to("nowhere"), "must be a file"),
    "pipe": (lambda file: os.mkfifo(file), "must be a file"),
    "link to itself": (lambda file: file.symlink_to(file.name), "odd.json"),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ODD)
def test_an_odd_file_is_named_and_does_not_block_others(kind: str, inbox: Path) -> None:
    make, expected = ODD[kind]
    make(inbox / "odd.json")
    write(inbox, "zero.json", "{}")
    reasons, errors = messages.read_inbox(set(), inbox)
    assert [reason.key for reason in reasons] == ["message:zero"]
    assert "odd.json" in errors[0]
    assert expected in errors[0]


@pytest.mark.parametrize("name", ["a\x1b[2J.json", "b\udcff.json"])
def test_an_error_about_a_name_can_be_printed(name: str, inbox: Path) -> None:
    try:
        write(inbox, name, "{}")
    except (OSError, UnicodeError):
        pytest.skip("the file system does not allow the name")
    _, (error,) = messages.read_inbox(set(), inbox)
    assert error.isprintable()


def test_a_reason_is_one_line_that_can_be_printed_and_stored(inbox: Path) -> None:
    write(inbox, "one.json", '{"reason": "a\\u001b[2J\\nb\\ud800c"}')
    ((reason,), errors) = messages.read_inbox(set(), inbox)
    assert (reason.why, errors) == ("one: a[2J bc", [])


def test_only_handled_messages_are_deleted(inbox: Path) -> None:
    write(inbox, "one.json", "{}")
    write(inbox, "two.json", "{}")
    messages.delete_messages(["message:one", "calendar:two"], inbox)
    assert [file.name for file in inbox.iterdir()] == ["two.json"]
