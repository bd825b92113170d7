"""Write cookiecutter.json from copier.yml, or check that it is up to date."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from tools.questions import asked

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "copier.yml"
FILE = ROOT / "cookiecutter.json"

Questions = dict[str, dict[str, Any]]
INCLUDE = re.compile(r"{%-?\s*include \"([^\"]+)\"\s*-?%}")
# Cookiecutter asks where Copier is told on the command line.
FOLDER = "project_slug"
FOLDER_DEFAULT = "{{ cookiecutter.package_name | replace('_', '-') }}"
FOLDER_PROMPT = "Which folder shall be made for it?"


def context(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in cookiecutter.json.

    A name with one underscore is left as it is, one with two is rendered; neither is asked.
    `__when_NAME` tells the hook whether Copier would have asked NAME, `_several` what is a list.

    Args:
        settings: copier.yml as read by a YAML parser.

    Raises:
        ValueError: a question depends on a word that Cookiecutter does not know.
    """
    questions = asked(settings)
    words = {name for name in settings if not name.startswith("_")}
    several = [name for name, question in questions.items() if question.get("multiselect")]
    found: dict[str, Any] = {
        "_copier": f"copier>={settings['_min_copier_version']}",
        "_several": several,
    }
    prompts: dict[str, Any] = {FOLDER: FOLDER_PROMPT}
    for name, question in questions.items():
        found[name] = translated(offered(question), name, questions, words)
        prompts[name] = prompt(question)
        if "when" in question:
            found[f"__when_{name}"] = translated(question["when"], name, questions, words)
        if name == "package_name":
            found[FOLDER] = FOLDER_DEFAULT
    return found | {"__prompts__": prompts}


def offered(question: dict[str, Any]) -> Any:
    """Return a question's default as Cookiecutter has it; what may be chosen, the default first."""
    default = question["default"]
    if question.get("multiselect"):
        return ", ".join(default)
    if "choices" in question:
        return [str(one) for one in sorted(values(question), key=lambda one: one != default)]
    return default if isinstance(default, bool) else str(default)


def values(question: dict[str, Any]) -> list[Any]:
    """Return what may be chosen, in the order of copier.yml."""
    choices = question["choices"]
    return list(choices.values() if isinstance(choices, dict) else choices)


def translated(value: Any, name: str, questions: Questions, words: set[str]) -> Any:
    """Return a default or a condition with the names of answers as Cookiecutter has them."""
    if not isinstance(value, str):
        return value
    text = INCLUDE.sub(lambda found: (ROOT / found[1]).read_text("utf-8"), value)
    tokens, last = [], ""
    for _, kind, token in Environment().lex(text):
        known = kind == "name" and last not in (".", "|") and token in words
        if known and token not in questions:
            raise ValueError(f"copier.yml: {name} depends on {token}, which nobody is asked")
        tokens.append(answer(token, questions[token]) if known else token)
        last = last if kind == "whitespace" else token
    return "".join(tokens)


def answer(name: str, question: dict[str, Any]) -> str:
    """Return the expression for an answer; Cookiecutter has no numbers."""
    number = question["type"] in ("int", "float")
    return f"(cookiecutter.{name} | {question['type']})" if number else f"cookiecutter.{name}"


def prompt(question: dict[str, Any]) -> str | dict[str, str]:
    """Return what Cookiecutter shows: the help's first line, the labels of what may be chosen."""
    title: str = question["help"].splitlines()[0]
    if "when" in question:
        title += f" (Counts only if {question['when'].strip('{} ')}.)"
    if question.get("multiselect"):
        return f"{title} (One or more of: {', '.join(values(question))})"
    if isinstance(question.get("choices"), dict):
        labels = {str(value): label for label, value in question["choices"].items()}
        return {"__prompt__": title} | labels
    return title


def written(settings: dict[str, Any]) -> str:
    """Return the text of cookiecutter.json."""
    return json.dumps(context(settings), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file; with --check only compare, and return 1 if it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    wanted = written(yaml.safe_load(SOURCE.read_text("utf-8")))
    if not parser.parse_args().check:
        FILE.write_text(wanted, "utf-8")
        return 0
    if FILE.exists() and FILE.read_text("utf-8") == wanted:
        return 0
    print(f"error: {FILE.name} is out of date; run: python -m tools.cookiecutter", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
