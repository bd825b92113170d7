"""Requests to retrain: files `inbox/ID.json`, written by hand, by a webhook or by a CI host."""

import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..console import UserError
from ..files import read_json
from .reasons import Reason

INBOX = Path("inbox")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MAX_LENGTH = 200  # characters of a message's reason that are kept
MAX_BYTES = 100_000  # size of a message's file


def read_inbox(handled: Collection[str], inbox: Path = INBOX) -> tuple[list[Reason], list[str]]:
    """Read all messages; `handled` are the keys of reasons that a run has handled.

    Returns:
        A reason for each message (one that is not due if the inbox is empty), and an error
        for each invalid file.
    """
    found, errors = [], []
    for file in sorted(inbox.glob("*.json")):
        try:
            found.append(read_message(file, handled))
        except UserError as error:
            errors.append(printable(error))
        except (OSError, RecursionError) as error:
            errors.append(printable(f"{file.as_posix()} cannot be read ({error}); delete it"))
    return found or [Reason("message", False, f"none in {inbox.as_posix()}/")], errors


def read_message(file: Path, handled: Collection[str]) -> Reason:
    """Read a message: a JSON object with an optional text `reason`.

    Raises:
        UserError: the file is not such an object, or its name or `id` is not a valid identifier.
    """
    if not IDENTIFIER.fullmatch(file.stem):
        allowed = "must be 1 to 100 letters, digits or . _ -, beginning with a letter or digit"
        raise UserError(f"{file.as_posix()}: the name {allowed}")
    message, key = load_json(file), f"message:{file.stem}"
    if key in handled:
        return Reason("message", False, f"{file.stem} was already handled", key)
    text = printable(message.get("reason", "no reason given"))[:MAX_LENGTH]
    return Reason("message", True, f"{file.stem}: {text}", key)


def printable(value: Any) -> str:
    """Return a value as one line of text without control characters and invalid Unicode."""
    return "".join(filter(str.isprintable, " ".join(str(value).split())))


def load_json(file: Path) -> dict[str, Any]:
    """Return the JSON object in a message's file."""
    name = file.as_posix()
    if not file.is_file() or file.stat().st_size > MAX_BYTES:
        raise UserError(f"{name} must be a file of at most {MAX_BYTES:,} bytes; delete it")
    message = read_json(file, "correct or delete it")
    if not isinstance(message, dict):
        raise UserError(f"{name} holds a {type(message).__name__}, must be an object: {{...}}")
    if message.get("id", file.stem) != file.stem:
        raise UserError(f"{name}: id is {message['id']!r}, must be the file's name, {file.stem!r}")
    return message


def delete_messages(keys: Collection[str], inbox: Path = INBOX) -> None:
    """Delete handled messages from the inbox; the ledger keeps their ids."""
    for key in keys:
        kind, _, name = key.partition(":")
        if kind == "message":
            with suppress(OSError):  # of another user: it stays, as handled
                (inbox / f"{name}.json").unlink(missing_ok=True)
