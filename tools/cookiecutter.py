"""Write cookiecutter.json from copier.yml, or check that it is up to date."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from tools.questions import asked_questions

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "copier.yml"
FILE = ROOT / "cookiecutter.json"

Questions = dict[str, dict[str, Any]]
INCLUDE = re.compile(r"{%-?\s*include \"([^\"]+)\"\s*-?%}")
# Cookiecutter asks for the folder, which Copier takes from the command line.
FOLDER = "project_slug"
FOLDER_DEFAULT = "{{ cookiecutter.package_name | replace('_', '-') }}"
FOLDER_PROMPT = "Name of the new folder?"


def context(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the content of cookiecutter.json.

    Cookiecutter does not ask for names with a leading underscore, and renders those with two.
    `__when_NAME` tells the hook whether Copier would ask NAME, `_several` which answers are lists.

    Args:
        settings: copier.yml as read by a YAML parser.

    Raises:
        ValueError: a question depends on a variable that Cookiecutter does not know.
    """
    questions = asked_questions(settings)
    words = {name for name in settings if not name.startswith("_")}
    several = [name for name, question in questions.items() if question.get("multiselect")]
    found: dict[str, Any] = {
        "_copier": f"copier>={settings['_min_copier_version']}",
        "_several": several,
    }
    prompts: dict[str, Any] = {FOLDER: FOLDER_PROMPT}
    for name, question in questions.items():
        found[name] = translate(default_value(question), name, questions, words)
        prompts[name] = prompt(question)
        if "when" in question:
            found[f"__when_{name}"] = translate(question["when"], name, questions, words)
        if name == "package_name":
            found[FOLDER] = FOLDER_DEFAULT
    return found | {"__prompts__": prompts}


def default_value(question: dict[str, Any]) -> Any:
    """Return a question's default for Cookiecutter; for choices the list with the default first."""
    default = question["default"]
    if question.get("multiselect"):
        return ", ".join(default)
    if "choices" in question:
        return [str(one) for one in sorted(values(question), key=lambda one: one != default)]
    return default if isinstance(default, bool) else str(default)


def values(question: dict[str, Any]) -> list[Any]:
    """Return the values of a question's choices in the order of copier.yml."""
    choices = question["choices"]
    return list(choices.values() if isinstance(choices, dict) else choices)


def translate(value: Any, name: str, questions: Questions, words: set[str]) -> Any:
    """Return a default or a condition with the variables renamed for Cookiecutter."""
    if not isinstance(value, str):
        return value
    text = INCLUDE.sub(lambda found: (ROOT / found[1]).read_text("utf-8"), value)
    tokens, last = [], ""
    for _, kind, token in Environment().lex(text):
        known = kind == "name" and last not in (".", "|") and token in words
        if known and token not in questions:
            raise ValueError(f"copier.yml: {name} depends on {token}, which is not a question")
        tokens.append(answer_expression(token, questions[token]) if known else token)
        last = last if kind == "whitespace" else token
    return "".join(tokens)


def answer_expression(name: str, question: dict[str, Any]) -> str:
    """Return the Jinja expression for an answer; Cookiecutter keeps numbers as texts."""
    number = question["type"] in ("int", "float")
    return f"(cookiecutter.{name} | {question['type']})" if number else f"cookiecutter.{name}"


def prompt(question: dict[str, Any]) -> str | dict[str, str]:
    """Return the prompt: the help's first line, and the labels of the choices."""
    title: str = question["help"].splitlines()[0]
    if "when" in question:
        title += f" (Applies only if {question['when'].strip('{} ')}.)"
    if question.get("multiselect"):
        return f"{title} (One or more of: {', '.join(values(question))})"
    if isinstance(question.get("choices"), dict):
        labels = {str(value): label for label, value in question["choices"].items()}
        return {"__prompt__": title} | labels
    return title


def file_content(settings: dict[str, Any]) -> str:
    """Return the text of cookiecutter.json."""
    return json.dumps(context(settings), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file; with --check only compare, and return 1 if it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    expected = file_content(yaml.safe_load(SOURCE.read_text("utf-8")))
    if not parser.parse_args().check:
        FILE.write_text(expected, "utf-8")
        return 0
    if FILE.exists() and FILE.read_text("utf-8") == expected:
        return 0
    print(f"error: {FILE.name} is out of date; run: python -m tools.cookiecutter", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
