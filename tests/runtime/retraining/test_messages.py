"""Messages as reasons to retrain."""

from pathlib import Path

import pytest
from modelyard.retraining import messages


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder for messages."""
    return tmp_path


def put(inbox: Path, name: str, text: str) -> None:
    (inbox / name).write_text(text, "utf-8")


def test_a_message_is_a_reason(inbox: Path) -> None:
    put(inbox, "new-labels-7.json", '{"reason": "labels  came"}')
    (reason,), faults = messages.find(set(), inbox)
    assert (reason.due, reason.why, faults) == (True, "new-labels-7: labels came", [])


def test_a_message_that_was_answered_is_none(inbox: Path) -> None:
    put(inbox, "one.json", "{}")
    (reason,), _ = messages.find({"message:one"}, inbox)
    assert (reason.due, reason.why) == (False, "one was answered before")


def test_without_an_inbox_nothing_is_due(inbox: Path) -> None:
    (reason,), faults = messages.find(set(), inbox / "none")
    assert (reason.due, faults) == (False, [])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("one.json", "{", "is not JSON"),
        ("one.json", "[]", "holds a list, allowed is an object"),
        ("one.json", '{"id": "two"}', "id is 'two', allowed is the file's name, 'one'"),
        ("-x y.json", "{}", "allowed as a name are 1 to 100 letters"),
    ],
)
def test_what_is_no_message_is_named_and_stops_no_other(
    name: str, text: str, said: str, inbox: Path
) -> None:
    put(inbox, name, text)
    put(inbox, "zero.json", "{}")
    reasons, faults = messages.find(set(), inbox)
    assert [reason.key for reason in reasons] == ["message:zero"]
    assert said in faults[0]


def test_only_messages_that_were_answered_are_taken_out(inbox: Path) -> None:
    put(inbox, "one.json", "{}")
    put(inbox, "two.json", "{}")
    messages.remove(["message:one", "calendar:two"], inbox)
    assert [file.name for file in inbox.iterdir()] == ["two.json"]
