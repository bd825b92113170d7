"""What a template asks."""

from typing import Any

from copier._template import Template

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
