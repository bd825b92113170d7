"""Find the line of a name in a Python file, or of a setting in a YAML file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml


def line_of_name(path: Path, *names: str) -> int | None:
    """Return the line of the first of some names that a Python file has.

    A name is that of a function or a variable, or a text such as a column's name.
    """
    nodes = list(ast.walk(_parse(path)))
    for name in names:
        found = [node.lineno for node in nodes if isinstance(node, ast.stmt) and name in own(node)]
        texts = (node for node in nodes if isinstance(node, ast.Constant) and node.value == name)
        if found or (found := [node.lineno for node in texts]):
            return min(found)
    return None


def own(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign):
        yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def line_of_item(path: Path, variable: str, index: int) -> int | None:
    """Return the line of an item of a list in a Python file, else that of the variable."""
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Assign | ast.AnnAssign) and variable in own(node):
            items = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else []
            return items[index].lineno if index < len(items) else node.lineno
    return None


def line_of_setting(path: Path, setting: str) -> int | None:
    """Return the line of a setting such as `gate.floors.rmse`, or of its nearest known parent."""
    try:
        node = yaml.compose(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    line = None
    for part in setting.split("."):
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next((pair for pair in pairs if pair[0].value == part), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def line_of_text(text: str, pattern: str) -> int | None:
    """Return the line of the first match of a regular expression in a text."""
    found = re.search(pattern, text)
    return found and text.count("\n", 0, found.start()) + 1


def _parse(path: Path) -> ast.Module:
    """Parse a Python file; one that cannot be read has no names."""
    try:
        return ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ast.Module([], [])
