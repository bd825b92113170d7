"""Somebody asks: a file `inbox/ID.json`, put there by hand, a webhook or a CI host."""

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ..console import UserError
from .reasons import Reason

INBOX = Path("inbox")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOST_WORDS = 200  # characters of a message that are kept


def find(answered: Collection[str], inbox: Path = INBOX) -> tuple[list[Reason], list[str]]:
    """Read all messages.

    Args:
        answered: keys of reasons that a run has answered.
        inbox: the folder; it need not be there.

    Returns:
        A reason for each message, or one which says that there is none; and what is wrong with
        files that are no messages.
    """
    found, faults = [], []
    for file in sorted(inbox.glob("*.json")):
        try:
            found.append(read(file, answered))
        except UserError as fault:
            faults.append(str(fault))
    return found or [Reason("message", False, f"none in {inbox.as_posix()}/")], faults


def read(file: Path, answered: Collection[str]) -> Reason:
    """Read one message: a JSON object, in which `reason` says why, if it is there.

    Raises:
        UserError: it is none, or its name or `id` is no identifier.
    """
    if not IDENTIFIER.fullmatch(file.stem):
        allowed = "1 to 100 letters, digits or . _ -, a letter or digit first"
        raise UserError(f"{file.as_posix()}: allowed as a name are {allowed}")
    told, key = content(file), f"message:{file.stem}"
    if key in answered:
        return Reason("message", False, f"{file.stem} was answered before", key)
    words = " ".join(str(told.get("reason", "no reason given")).split())[:MOST_WORDS]
    return Reason("message", True, f"{file.stem}: {words}", key)


def content(file: Path) -> dict[str, Any]:
    """Give what a message says.

    Raises:
        UserError: it is no JSON object, or names another id than its file.
    """
    name = file.as_posix()
    try:
        told = json.loads(file.read_text("utf-8"))
    except ValueError as failure:
        raise UserError(f"{name} is not JSON ({failure}); it is left where it is") from None
    if not isinstance(told, dict):
        raise UserError(f"{name} holds a {type(told).__name__}, allowed is an object: {{...}}")
    if told.get("id", file.stem) != file.stem:
        raise UserError(f"{name}: id is {told['id']!r}, allowed is the file's name, {file.stem!r}")
    return told


def remove(keys: Collection[str], inbox: Path = INBOX) -> None:
    """Take answered messages out of the inbox; the ledger remembers their ids."""
    for key in keys:
        kind, _, name = key.partition(":")
        if kind == "message":
            (inbox / f"{name}.json").unlink(missing_ok=True)
