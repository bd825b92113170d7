"""Detect a repository's answers to a template's questions in its metadata files."""

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError
from .known_templates import text_of

# Names of questions by fact, the most common first.
NAMES = {
    "name": ("project_name", "name"),
    "package": ("package_name", "module_name", "python_package"),
    "description": ("description", "project_description"),
    "author": ("author", "author_name", "full_name"),
    "python": ("python_version", "min_python_version"),
    "license": ("license", "licence", "open_source_license"),
}


@dataclass(frozen=True)
class Answer:
    """An answer and the file or option that it comes from."""

    name: str
    value: Any
    source: str


def detect_answers(folder: Path, questions: dict[str, Any]) -> dict[str, Answer]:
    """Return the detected answers by question; the first source has precedence.

    Args:
        folder: the repository's folder.
        questions: the template's questions as in its copier.yml.

    Raises:
        UserError: a metadata file cannot be parsed.
    """
    answers: dict[str, Answer] = {}
    for fact, value, source in _facts(folder):
        for name in NAMES.get(fact, (fact,)):
            if name in answers or name not in questions:
                continue
            choice = _match_choice(value, questions[name].get("choices"))
            if choice is not None:
                answers[name] = Answer(name, choice, source)
    return answers


def _match_choice(value: Any, choices: Any) -> Any:
    """Return a value in the template's spelling; None if it is not one of the choices."""
    if not isinstance(choices, (list, dict)):
        return value
    known = choices.values() if isinstance(choices, dict) else choices
    return next((choice for choice in known if _normalised(choice) == _normalised(value)), None)


def _normalised(value: Any) -> str:
    return re.sub(r"[^a-z0-9.]|licen[sc]e", "", str(value).lower())


def _facts(folder: Path) -> Iterator[tuple[str, Any, str]]:
    yield from _from_cruft(folder)
    yield from _from_pyproject(folder)
    yield from _from_setup_cfg(folder)
    name = folder.resolve().name
    yield "name", name, "the folder's name"
    yield "package", _package_name(name), "the folder's name"


def _from_cruft(folder: Path) -> Iterator[tuple[str, Any, str]]:
    text = text_of(folder / ".cruft.json")
    if not text:
        return
    try:
        context = json.loads(text)["context"]["cookiecutter"]
        items = {key: value for key, value in context.items() if not key.startswith("_")}
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise UserError(
            f".cruft.json has no answers in context.cookiecutter; fix it ({broken})"
        ) from broken
    yield from ((key, value, ".cruft.json") for key, value in items.items())
    for fact, names in NAMES.items():
        yield from ((fact, items[name], ".cruft.json") for name in names if name in items)


def _from_pyproject(folder: Path) -> Iterator[tuple[str, Any, str]]:
    try:
        tables = tomllib.loads(text_of(folder / "pyproject.toml"))
    except tomllib.TOMLDecodeError as broken:
        raise UserError(f"pyproject.toml is not TOML: {broken}") from broken
    tool = _table(tables, "tool")
    kedro = _table(tool, "kedro")
    yield from _from_table(
        "pyproject.toml [tool.kedro]", kedro, name="project_name", package="package_name"
    )
    for where, table in (
        ("project", _table(tables, "project")),
        ("tool.poetry", _table(tool, "poetry")),
    ):
        source = f"pyproject.toml [{where}]"
        yield from _from_table(source, table, name="name", description="description")
        if isinstance(table.get("name"), str):
            yield "package", _package_name(table["name"]), source
        yield from ((fact, value, source) for fact, value in _from_project_table(table) if value)


def _from_project_table(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    authors = table.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else ""
    author = first.get("name", "") if isinstance(first, dict) else str(first)
    yield "author", _name_without_email(author)
    license_ = table.get("license")
    text = license_.get("text", "") if isinstance(license_, dict) else license_
    yield "license", str(text or "")
    python = table.get("requires-python") or _table(table, "dependencies").get("python", "")
    version = re.search(r"3\.\d+", str(python))
    yield "python", version[0] if version else ""


def _from_setup_cfg(folder: Path) -> Iterator[tuple[str, Any, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text_of(folder / "setup.cfg"))
    except configparser.Error as broken:
        raise UserError(f"setup.cfg cannot be read: {str(broken).splitlines()[0]}") from broken
    sections = {name: dict(parser[name]) for name in parser.sections()}
    pyscaffold = sections.get("pyscaffold", {})
    yield from _from_table("setup.cfg [pyscaffold]", pyscaffold, package="package")
    meta = sections.get("metadata", {})
    source = "setup.cfg [metadata]"
    yield from _from_table(
        source, meta, name="name", description="description", author="author", license="license"
    )
    version = re.search(r"3\.\d+", sections.get("options", {}).get("python_requires", ""))
    if version:
        yield "python", version[0], "setup.cfg [options]"


def _from_table(source: str, table: dict[str, Any], **keys: str) -> Iterator[tuple[str, Any, str]]:
    for fact, key in keys.items():
        if isinstance(table.get(key), str) and table[key].strip():
            yield fact, table[key].strip(), source


def _table(tables: dict[str, Any], name: str) -> dict[str, Any]:
    table = tables.get(name)
    return table if isinstance(table, dict) else {}


def _name_without_email(text: str) -> str:
    return text.split("<")[0].strip()


def _package_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
