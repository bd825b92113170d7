"""What a template asks, and what the user answers on the command line."""

from pathlib import Path
from typing import Any

import yaml
from copier._template import Template

from ..faults import Fault
from ..render import told_by_copier


def questions_of(source: str, version: str) -> dict[str, Any]:
    """Return a version's questions by name, without those that are never asked.

    Raises:
        Fault: the template cannot be read.
    """
    with told_by_copier(f"{source} {version} cannot be read"):
        template = Template(url=source, ref=version)
        try:
            held = template.questions_data
        finally:
            template._cleanup()
    return {
        name: question
        for name, question in held.items()
        if question.get("when") is not False and question.get("ask") is not False
    }


def given_answers(pairs: list[str], file: Path | None) -> dict[str, Any]:
    """Return the answers of a file and of KEY=VALUE pairs, which win.

    Raises:
        Fault: the file holds no answers, or a pair has no name.
    """
    answers = _of_file(file) if file else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise Fault(f"--data {pair!r} must be of the form KEY=VALUE")
        answers[name] = value
    return answers


def _of_file(file: Path) -> dict[str, Any]:
    try:
        held = yaml.safe_load(file.read_text("utf-8"))
    except OSError as unread:
        raise Fault(f"{file} cannot be read: {unread.strerror}") from unread
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise Fault(f"{file} is not YAML: {str(broken).splitlines()[0]}") from broken
    if not isinstance(held, dict):
        raise Fault(f"{file} holds no answers; each line must be of the form name: value")
    return {str(name): value for name, value in held.items() if not str(name).startswith("_")}
