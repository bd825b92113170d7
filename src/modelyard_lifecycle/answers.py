"""Read answers from the command line or a file, and compare them with the recorded ones."""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from .errors import UserError
from .project import Project, read_public_answers


def read_given_answers(pairs: list[str], file: Path | None) -> dict[str, Any]:
    """Return answers by name; those of the command line override those of the file.

    Copier's own entries of an answers file, such as `_commit`, are ignored.

    Args:
        pairs: texts of the form name=value.
        file: a YAML file of lines name: value.

    Raises:
        UserError: a pair is malformed, or the file cannot be read.
    """
    return (read_public_answers(file) if file else {}) | dict(_parse_pair(pair) for pair in pairs)


def _parse_pair(pair: str) -> tuple[str, str]:
    name, sign, value = pair.partition("=")
    if not sign or not name:
        raise UserError(f"--data is {pair!r}, must be of the form name=value")
    return name, value


def given_answers(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that are given: a scalar replaces the recorded one, a list extends it."""
    answers = {}
    for name, value in given.items():
        recorded = project.answers.get(name)
        if isinstance(value, list):
            old = recorded if isinstance(recorded, list) else []
            value = [*old, *(item for item in value if item not in old)]
        if value is not None:
            answers[name] = value
    return answers


def differ(project: Project, answers: Mapping[str, Any]) -> bool:
    """Return whether any of the answers is not the recorded one."""
    return any(str(value) != str(project.answers.get(name)) for name, value in answers.items())


def describe_changes(
    recorded: Mapping[str, Any], answers: Mapping[str, Any], except_for: Container[str] = ()
) -> list[str]:
    """Return a line for each answer that an update adds, drops or changes by itself.

    Args:
        recorded: the project's answers.
        answers: the answers recorded by the newest version.
        except_for: the answers that the user changes.
    """
    lines = []
    for name in sorted(recorded.keys() | answers.keys()):
        before, after = recorded.get(name), answers.get(name)
        if name in except_for or before == after:
            continue
        if name not in answers:
            lines.append(f"the answer {name} is dropped: it was {before!r}")
        elif name not in recorded:
            lines.append(f"the answer {name} is new: {after!r}")
        else:
            lines.append(f"the answer {name} becomes {after!r}: it was {before!r}")
    return lines


def refuse_unknown_answers(
    changes: Mapping[str, Any], answers: Mapping[str, Any], version: str
) -> None:
    """Refuse answers to questions that the template does not ask: they would have no effect.

    Args:
        changes: the answers that change.
        answers: the answers recorded by the newest version.
        version: the newest version.

    Raises:
        UserError: the template does not ask for one of them.
    """
    for name in changes:
        if name not in answers:
            raise UserError(
                f"{name} is not a question of template {version} with these answers; "
                f"choose from {', '.join(answers)}"
            )
