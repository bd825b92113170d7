"""Answers that stand on the command line or in a file."""

from pathlib import Path
from typing import Any

from .faults import Fault
from .project import read_answers


def given_answers(words: list[str], file: Path | None) -> dict[str, Any]:
    """Return answers by name; a word of the command line wins over the file.

    What Copier keeps for itself in an answers file, such as `_commit`, is left out.

    Args:
        words: of the form name=value.
        file: a YAML file of lines name: value.

    Raises:
        Fault: a word is of another form, or the file cannot be read.
    """
    read = read_answers(file) if file else {}
    told = {name: value for name, value in read.items() if not name.startswith("_")}
    return told | dict(_pair(word) for word in words)


def _pair(word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign or not name:
        raise Fault(f"--data is {word!r}, must be of the form name=value")
    return name, value
