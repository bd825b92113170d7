"""The state of a project now: what evidence must be about to count."""

import ast
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from modelyard.evidence.ledger import digest, versions

from ..errors import UserError
from ..git import run


@dataclass(frozen=True)
class Shipped:
    """What the template shipped, by all its releases; made by `tools/evidence_controls.py`.

    Attributes:
        example: hashes of the files that define the example's problem and data.
        tests: hashes of a test's source with which it was seen to fail on a planted fault.
        controls: by item, the test in the template's repository that proves that it can fail.
        files: hashes of `tests/conftest.py` and of the modules of `modelyard.testing`.
    """

    example: dict[str, list[str]]
    tests: dict[str, list[str]]
    controls: dict[str, str]
    files: dict[str, list[str]]


def read_shipped() -> Shipped:
    """Read the list of the installed version."""
    return Shipped(**json.loads((files(__package__) / "shipped.json").read_text("utf-8")))


@dataclass(frozen=True)
class ProjectNow:
    """A project's folder, level, targets, and versions of code, data and model."""

    folder: Path
    level: int
    targets: tuple[str, ...]
    code: dict[str, str]
    data: dict[str, str]
    model: str
    shipped: Shipped

    @cached_property
    def commits(self) -> set[str]:
        """Commits in the history of HEAD; empty without a repository."""
        done = run("rev-list", "HEAD", folder=self.folder)
        return set(done.stdout.decode().split()) if done.returncode == 0 else set()

    @cached_property
    def test_sources(self) -> dict[str, str]:
        """Hash of each test function in `tests/`, by its pytest id."""
        found: dict[str, str] = {}
        for path in sorted((self.folder / "tests").rglob("test_*.py")):
            name = path.relative_to(self.folder).as_posix()
            found |= {
                f"{name}::{k}": v for k, v in function_hashes(path.read_text("utf-8")).items()
            }
        return found

    @cached_property
    def edited_checks(self) -> list[str]:
        """Files on which the shipped tests rely, and that differ from all shipped versions."""
        own = {"tests/conftest.py": self.code.get("conftest.py", "")}
        for path in (self.folder / "src/modelyard/testing").glob("*.py"):
            own[f"testing/{path.name}"] = digest(path.read_text("utf-8"))
        return [
            name for name, found in own.items() if found not in self.shipped.files.get(name, [])
        ]

    def decided(self, words: Iterable[str]) -> bool:
        """Return whether a page in `docs/decisions/` mentions all words."""
        pages = (self.folder / "docs" / "decisions").glob("*.md")
        texts = [page.read_text("utf-8", "replace") for page in pages]
        return any(all(word in text for word in words) for text in texts)

    def is_example(self, code: dict[str, str], data: dict[str, str]) -> bool:
        """Return whether code and data are those of the example, not of the user's own problem."""
        found = {"schema.py": code.get("schema.py"), "data/ingest.py": code.get("data/ingest.py")}
        found |= {"data/sample": data["data/sample"]} if "data/sample" in data else {}
        return all(value in self.shipped.example[name] for name, value in found.items())


def function_hashes(source: str) -> dict[str, str]:
    """Return the hash of each top-level function's source, decorators included.

    Raises:
        UserError: the source is not Python.
    """
    try:
        tree, lines = ast.parse(source), source.splitlines()
    except SyntaxError as error:
        raise UserError(f"a test file is not Python: {error}") from None
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            start = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            text = "\n".join(lines[start - 1 : node.end_lineno])
            found[node.name] = digest(text.strip())
    return found


def read_project_now(folder: Path) -> ProjectNow:
    """Read the state of a project, without importing it and without its environment.

    Raises:
        UserError: the folder is not a project of this template.
    """
    file = folder / "pyproject.toml"
    try:
        chosen: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["tool"]["modelyard"]
        level, targets = int(chosen["level"]), tuple(chosen["targets"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{file} has no [tool.modelyard] with level and targets; "
                        "name the folder of a project") from None  # fmt: skip
    return ProjectNow(folder, level, targets, **versions(folder), shipped=read_shipped())
