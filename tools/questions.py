"""Write docs/reference/questions.md from copier.yml, or check that it is up to date."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "copier.yml"
PAGE = ROOT / "docs" / "reference" / "questions.md"

HEAD = """\
# Questions

The questions of `copier copy`, in order. The answers are recorded in `.copier-answers.yml`.
To answer without a prompt, add `--data NAME=VALUE`; to use every default, add `--defaults`.
To change an answer later: `copier update --data NAME=VALUE`.

This page is generated from `copier.yml` by `python -m tools.questions`.
"""


def asked_questions(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the questions that the user is asked, in order.

    Args:
        settings: copier.yml as read by a YAML parser.
    """
    questions = {name: value for name, value in settings.items() if not name.startswith("_")}
    return {
        name: question
        for name, question in questions.items()
        if question.get("when") is not False and question.get("ask", True)
    }


def describe(name: str, question: dict[str, Any]) -> str:
    """Return one question's section in Markdown."""
    title, *rest = question["help"].splitlines()
    facts = [
        *condition(question),
        *default(question),
        *choices(question),
        *messages(question),
    ]
    return "\n".join([f"## {title}", "", f"`{name}`: {' '.join(rest)}", "", *facts]) + "\n"


def condition(question: dict[str, Any]) -> list[str]:
    """Return the line with the condition of a question, if it has one."""
    if "when" not in question:
        return []
    return [f"- Asked only if `{question['when'].strip('{} ')}`."]


def default(question: dict[str, Any]) -> list[str]:
    """Return the line with the default."""
    value = question["default"]
    if value == "":
        return ["- No default: it must be answered."]
    if isinstance(value, str) and "{%" in value:
        return ["- Default: derived from earlier answers."]
    return [
        f"- Default: `{', '.join(value) if isinstance(value, list) else placeholders(str(value))}`"
    ]


def choices(question: dict[str, Any]) -> list[str]:
    """Return the lines that list the choices."""
    offered = question.get("choices", {})
    if isinstance(offered, list):
        return [f"- Choices: {', '.join(f'`{value}`' for value in offered)}"]
    lines = [f"    - `{value}`: {label}" for label, value in offered.items()]
    several = ", several as `[one, other]`" if question.get("multiselect") else ""
    return [f"- Choices{several}:", *lines] if lines else []


def messages(question: dict[str, Any]) -> list[str]:
    """Return the lines that quote the messages of the validator."""
    validator = question.get("validator", "")
    template = re.sub(r"{%-? set .*?{%-? endset -?%}", "", validator, flags=re.DOTALL)
    texts = [" ".join(text.split()) for text in re.split(r"{%.*?%}", template, flags=re.DOTALL)]
    return [f"- If refused: “{placeholders(text)}”" for text in texts if text]


def placeholders(text: str) -> str:
    """Return the text with each Jinja expression replaced by `<name>`."""
    return re.sub(r"{{ (\w+)[^}]* }}", r"<\1>", text)


def page(settings: dict[str, Any]) -> str:
    """Return the whole page in Markdown."""
    sections = (describe(name, question) for name, question in asked_questions(settings).items())
    return "\n".join([HEAD, *sections])


def main() -> int:
    """Write the page; with --check only compare, and return 1 if it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    expected = page(yaml.safe_load(SOURCE.read_text("utf-8")))
    if not parser.parse_args().check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(expected, "utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == expected:
        return 0
    name = PAGE.relative_to(ROOT)
    print(f"error: {name} is out of date; run: python -m tools.questions", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
