"""Read the questions of a template."""

from typing import Any

from copier._template import Template

from ..render import calling_copier


def questions_of(source: str, version: str) -> dict[str, Any]:
    """Return the questions of a version by name, without those that are never asked.

    Raises:
        UserError: the template cannot be read.
    """
    with calling_copier(f"{source} {version} cannot be read"):
        template = Template(url=source, ref=version)
        try:
            questions = template.questions_data
        finally:
            template._cleanup()
    return {
        name: question
        for name, question in questions.items()
        if question.get("when") is not False and question.get("ask") is not False
    }
