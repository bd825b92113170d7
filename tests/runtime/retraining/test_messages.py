"""Messages as reasons to retrain."""

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


def test_only_handled_messages_are_deleted(inbox: Path) -> None:
    write(inbox, "one.json", "{}")
    write(inbox, "two.json", "{}")
    messages.delete_messages(["message:one", "calendar:two"], inbox)
    assert [file.name for file in inbox.iterdir()] == ["two.json"]
