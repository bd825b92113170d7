"""What a repository says of itself, by the names that templates ask for, and where it stands."""

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Fault
from .known_templates import text_of

# What templates call it, the commonest name first.
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
    """An answer and where it stands."""

    name: str
    value: Any
    source: str


def found_answers(folder: Path, questions: dict[str, Any]) -> dict[str, Answer]:
    """Return what the repository answers of a template's questions; the first source counts.

    Args:
        folder: the repository's folder.
        questions: the template's questions, as its copier.yml has them.

    Raises:
        Fault: a file that should tell is broken.
    """
    answers: dict[str, Answer] = {}
    for fact, value, source in _facts(folder):
        for name in NAMES.get(fact, (fact,)):
            if name in answers or name not in questions:
                continue
            fitting = _fitting(value, questions[name].get("choices"))
            if fitting is not None:
                answers[name] = Answer(name, fitting, source)
    return answers


def _fitting(value: Any, choices: Any) -> Any:
    """Return a value as the template spells it; None if it is not among its choices."""
    if not isinstance(choices, (list, dict)):
        return value
    known = choices.values() if isinstance(choices, dict) else choices
    return next((one for one in known if _plain(one) == _plain(value)), None)


def _plain(value: Any) -> str:
    return re.sub(r"[^a-z0-9.]|licen[sc]e", "", str(value).lower())


def _facts(folder: Path) -> Iterator[tuple[str, Any, str]]:
    yield from _of_cruft(folder)
    yield from _of_pyproject(folder)
    yield from _of_setup_cfg(folder)
    name = folder.resolve().name
    yield "name", name, "the folder's name"
    yield "package", _package(name), "the folder's name"


def _of_cruft(folder: Path) -> Iterator[tuple[str, Any, str]]:
    text = text_of(folder / ".cruft.json")
    if not text:
        return
    try:
        context = json.loads(text)["context"]["cookiecutter"]
        items = {key: value for key, value in context.items() if not key.startswith("_")}
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Fault(
            f".cruft.json: no answers in context.cookiecutter; mend it ({broken})"
        ) from broken
    yield from ((key, value, ".cruft.json") for key, value in items.items())
    for fact, names in NAMES.items():
        yield from ((fact, items[name], ".cruft.json") for name in names if name in items)


def _of_pyproject(folder: Path) -> Iterator[tuple[str, Any, str]]:
    try:
        tables = tomllib.loads(text_of(folder / "pyproject.toml"))
    except tomllib.TOMLDecodeError as broken:
        raise Fault(f"pyproject.toml is not TOML: {broken}") from broken
    tool = _table(tables, "tool")
    kedro = _table(tool, "kedro")
    yield from _told(
        "pyproject.toml [tool.kedro]", kedro, name="project_name", package="package_name"
    )
    for where, table in (
        ("project", _table(tables, "project")),
        ("tool.poetry", _table(tool, "poetry")),
    ):
        source = f"pyproject.toml [{where}]"
        yield from _told(source, table, name="name", description="description")
        if isinstance(table.get("name"), str):
            yield "package", _package(table["name"]), source
        yield from ((fact, value, source) for fact, value in _of_people(table) if value)


def _of_people(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    authors = table.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else ""
    yield "author", _person(first.get("name", "") if isinstance(first, dict) else str(first))
    held = table.get("license")
    yield "license", str(held.get("text", "") if isinstance(held, dict) else held or "")
    python = table.get("requires-python") or _table(table, "dependencies").get("python", "")
    version = re.search(r"3\.\d+", str(python))
    yield "python", version[0] if version else ""


def _of_setup_cfg(folder: Path) -> Iterator[tuple[str, Any, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text_of(folder / "setup.cfg"))
    except configparser.Error as broken:
        raise Fault(f"setup.cfg cannot be read: {str(broken).splitlines()[0]}") from broken
    held = {name: dict(parser[name]) for name in parser.sections()}
    own = held.get("pyscaffold", {})
    yield from _told("setup.cfg [pyscaffold]", own, package="package")
    meta = held.get("metadata", {})
    source = "setup.cfg [metadata]"
    yield from _told(
        source, meta, name="name", description="description", author="author", license="license"
    )
    version = re.search(r"3\.\d+", held.get("options", {}).get("python_requires", ""))
    if version:
        yield "python", version[0], "setup.cfg [options]"


def _told(source: str, table: dict[str, Any], **keys: str) -> Iterator[tuple[str, Any, str]]:
    for fact, key in keys.items():
        if isinstance(table.get(key), str) and table[key].strip():
            yield fact, table[key].strip(), source


def _table(tables: dict[str, Any], name: str) -> dict[str, Any]:
    held = tables.get(name)
    return held if isinstance(held, dict) else {}


def _person(text: str) -> str:
    return text.split("<")[0].strip()


def _package(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
