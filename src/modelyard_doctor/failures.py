"""Turn an exception of the runtime or of a user's file into a finding."""

import re
import traceback
from pathlib import Path
from typing import NamedTuple

FILE = re.compile(
    r"^(?:[a-z_]+: )?((?:[\w-]+/)*[\w-]+\.(?:py|yaml))(?:, line (\d+))?(: | (?=[a-z]))"
)
ALLOWED = re.compile(
    r",? *\b(?:allowed|needed) (?:is|are)(?: at least)? |, it must |, expected is "
)


class Said(NamedTuple):
    """The parts of an error message; a part that it lacks is empty."""

    file: str
    line: int | None
    found: str
    allowed: str
    remedy: str


def parts_of(message: str) -> Said:
    """Split a message of the runtime: `FILE: found, allowed are …; remedy`."""
    text = main_line(message)
    named = FILE.match(text)
    file, line = (named[1], int(named[2]) if named[2] else None) if named else ("", None)
    rest = text[named.end() :] if named and named[3] == ": " else text
    found, _, tail = rest.partition("; ")
    split = ALLOWED.split(found, maxsplit=1)
    allowed = split[1] if len(split) > 1 else ""
    return Said(file, line, split[0].strip(" ,("), allowed.rstrip(")"), tail)


def main_line(message: str) -> str:
    """Return the line of a message that names a file, else its first line."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    return next((line for line in lines if FILE.match(line)), lines[0] if lines else "")


def text_of(failure: BaseException) -> str:
    """Describe an exception: its type, unless the message says enough, and its message."""
    name, text = type(failure).__name__, main_line(str(failure))
    known = name in ("UserError", "AssertionError")
    return text if known and text else f"{name}: {text}".rstrip(": ")


def place_of(failure: BaseException, root: Path) -> tuple[str, int] | None:
    """Return the file and line of the user's code in which an exception was raised.

    Args:
        failure: the exception.
        root: the project's folder; its environment and the runtime are not the user's code.
    """
    if isinstance(failure, SyntaxError) and failure.filename and failure.lineno:
        frames = [(failure.filename, failure.lineno)]
    else:
        listed = traceback.extract_tb(failure.__traceback__)
        frames = [(one.filename, one.lineno or 1) for one in reversed(listed)]
    for name, line in frames:
        path = Path(name)
        if path.is_relative_to(root) and not {".venv", "modelyard", "site-packages"} & {
            *path.relative_to(root).parts
        }:
            return path.relative_to(root).as_posix(), line
    return None
