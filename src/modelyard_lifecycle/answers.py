"""Answers that stand on the command line or in a file, and what they change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import Fault
from .project import Project, read_answers


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


def changed(project: Project, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that change: a text replaces the one recorded, a list adds to it."""
    changes = {}
    for name, value in wanted.items():
        held = project.answers.get(name)
        if isinstance(value, list):
            had = held if isinstance(held, list) else []
            value = [*had, *(one for one in value if one not in had)]
        if value is not None and str(value) != str(held):
            changes[name] = value
    return changes


def refuse_unasked(changes: Mapping[str, Any], answers: Path, version: str) -> None:
    """Refuse an answer to a question that is not asked: it would change nothing.

    Args:
        changes: the answers given.
        answers: the answers file of the newest version's render.
        version: the newest version.

    Raises:
        Fault: the template does not ask for one of them.
    """
    asked = [name for name in read_answers(answers) if not name.startswith("_")]
    for name in changes:
        if name not in asked:
            raise Fault(
                f"{name} is not asked by {version} of the template with these answers; "
                f"it asks {', '.join(asked)}"
            )
