"""The runtime is an ordinary package: no file of it is rendered."""

import ast
import re
from pathlib import Path

from tests.runtime import example

FILES = [file for file in example.RUNTIME.rglob("*") if file.suffix in (".py", ".html", ".typed")]
MODULES = [file for file in FILES if file.suffix == ".py"]
MOST_LINES = 200
JINJA = re.compile(r"\{\{ |\{%|\{#")  # an f-string writes {{ without a space


def named(files: list[Path]) -> list[str]:
    return [file.relative_to(example.RUNTIME).as_posix() for file in files]


def has_docstring_only(file: Path) -> bool:
    body = ast.parse(file.read_text("utf-8")).body
    return len(body) == 1 and ast.get_docstring(ast.Module(body, [])) is not None


def imports_itself_by_name(file: Path) -> bool:
    """Return whether a module names the runtime, which may be vendored, in an import."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [str(node.module)]
        if any(name.split(".")[0] == "modelyard" for name in names):
            return True
    return False


def test_no_file_has_anything_for_jinja() -> None:
    assert named([file for file in FILES if JINJA.search(file.read_text("utf-8"))]) == []
    assert [file.name for file in example.RUNTIME.rglob("*") if "{" in file.name] == []
    assert [*example.RUNTIME.rglob("*.jinja")] == []


def test_no_package_has_more_than_a_docstring_of_its_own() -> None:
    packages = [file for file in MODULES if file.name == "__init__.py"]
    assert len(packages) > 10
    assert named([file for file in packages if not has_docstring_only(file)]) == []


def test_every_folder_is_a_package() -> None:
    folders = {file.parent for file in MODULES}
    assert named([folder for folder in folders if not (folder / "__init__.py").exists()]) == []


def test_no_file_is_long() -> None:
    long = [file for file in FILES if file.read_text("utf-8").count("\n") > MOST_LINES]
    assert named(long) == []


def test_modules_import_each_other_by_their_place() -> None:
    assert named([file for file in MODULES if imports_itself_by_name(file)]) == []
