"""Read answers from the command line or a file, and compare them with the recorded ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import UserError
from .project import Project, read_answers


def read_given_answers(pairs: list[str], file: Path | None) -> dict[str, Any]:
    """Return answers by name; those of the command line override those of the file.

    Copier's own entries of an answers file, such as `_commit`, are ignored.

    Args:
        pairs: texts of the form name=value.
        file: a YAML file of lines name: value.

    Raises:
        UserError: a pair is malformed, or the file cannot be read.
    """
    read = read_answers(file) if file else {}
    from_file = {name: value for name, value in read.items() if not name.startswith("_")}
    return from_file | dict(_parse_pair(pair) for pair in pairs)


def _parse_pair(pair: str) -> tuple[str, str]:
    name, sign, value = pair.partition("=")
    if not sign or not name:
        raise UserError(f"--data is {pair!r}, must be of the form name=value")
    return name, value


def changed_answers(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that change: a scalar replaces the recorded one, a list extends it."""
    changes = {}
    for name, value in given.items():
        recorded = project.answers.get(name)
        if isinstance(value, list):
            old = recorded if isinstance(recorded, list) else []
            value = [*old, *(item for item in value if item not in old)]
        if value is not None and str(value) != str(recorded):
            changes[name] = value
    return changes


def refuse_unknown_answers(changes: Mapping[str, Any], answers: Path, version: str) -> None:
    """Refuse answers to questions that the template does not ask: they would have no effect.

    Args:
        changes: the answers that change.
        answers: the answers file rendered from the newest version.
        version: the newest version.

    Raises:
        UserError: the template does not ask for one of them.
    """
    asked = [name for name in read_answers(answers) if not name.startswith("_")]
    for name in changes:
        if name not in asked:
            raise UserError(
                f"{name} is not a question of template {version} with these answers; "
                f"choose from {', '.join(asked)}"
            )
