"""Hash the code that computes the features: `features/build.py` and what it imports."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

from ..project import Build


def code_hash(build: Build) -> str:
    """Hash the source of the features, independent of line endings.

    Returns:
        12 digits of the module; then, if it imports modules of its package, 12 digits of these.
    """
    name = build.__module__
    file = Path(str(sys.modules[name].__file__))
    source = file.read_text("utf-8")
    others = imported_modules(name, source, file.parents[name.count(".")])
    texts = [other.read_text("utf-8") for other in others]
    return _digest(source) + (_digest("\0".join(texts)) if others else "")


def same_code(one: str, other: str) -> bool:
    """Compare hashes, of which those of earlier runtimes do not cover imported modules."""
    return one.startswith(other) or other.startswith(one)


def imported_modules(start: str, source: str, root: Path) -> list[Path]:
    """Return the files of the package's modules that a module imports, directly or not.

    Args:
        start: the full name of the module.
        source: its source.
        root: the folder that contains the package.
    """
    found, waiting = dict[str, Path](), [(start.rpartition(".")[0], source)]
    while waiting:
        package, text = waiting.pop()
        names = [
            name for node in ast.walk(ast.parse(text)) for name in imported_names(node, package)
        ]
        for name in names:
            stem = root.joinpath(*name.split("."))
            files = filter(Path.is_file, (stem.with_suffix(".py"), stem / "__init__.py"))
            file = next(files, None)
            if file and name.split(".")[0] == start.split(".")[0] and name not in {*found, start}:
                found[name] = file
                inside = name if file.parent == stem else name.rpartition(".")[0]
                waiting.append((inside, file.read_text("utf-8")))
    return [found[name] for name in sorted(found)]


def imported_names(node: ast.AST, package: str) -> Iterator[str]:
    """Yield the full names that an import statement in a module of a package may refer to."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        name = "." * node.level + (node.module or "")
        base = resolve_name(name, package) if node.level else name
        yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
