"""Which of the package's modules a device needs: its loop, and what that imports in turn."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from ...console import UserError

DEVICE = {"numpy", "onnxruntime"}


def needed(package: Path, start: str) -> list[str]:
    """List the modules that one imports, itself included, and their packages.

    Args:
        package: the package's folder.
        start: a module's file, relative to the folder of the package.

    Returns:
        Files relative to the folder of the package, in order.

    Raises:
        UserError: one of them imports what a device has not.
    """
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        around = [parent / "__init__.py" for parent in Path(name).parents]
        waiting += [file.as_posix() for file in around]
        waiting += imported(package, name)
    return sorted(found)


def imported(package: Path, name: str) -> Iterator[str]:
    """Give the package's modules that a module imports.

    Raises:
        UserError: it imports another library than Python's own, NumPy and ONNX Runtime.
    """
    for node in ast.walk(ast.parse((package / name).read_text("utf-8"))):
        for path, parts in imports(node, package, name):
            if path is None:
                _allow(parts[0], f"{name}:{getattr(node, 'lineno', 0)}")
                continue
            file = path.joinpath(*parts)
            for one in (file.with_suffix(".py"), file / "__init__.py"):
                if one.is_file():
                    yield one.relative_to(package).as_posix()


def imports(node: ast.AST, package: Path, name: str) -> Iterator[tuple[Path | None, list[str]]]:
    """Give what an import statement may name: a folder and a path in it; no folder: a library."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield library(package, alias.name.split("."))
    if isinstance(node, ast.ImportFrom):
        own = (package / name).parents[node.level - 1] if node.level else None
        base = node.module.split(".") if node.module else []
        for parts in [base, *([*base, alias.name] for alias in node.names)]:
            yield (own, parts) if own else library(package, parts)


def library(package: Path, parts: list[str]) -> tuple[Path | None, list[str]]:
    """Tell whether an absolute import is one of the package itself."""
    return (package, parts[1:]) if parts[0] == package.name else (None, parts)


def _allow(root: str, where: str) -> None:
    if root not in DEVICE | sys.stdlib_module_names:
        raise UserError(
            f"{where} imports {root}, allowed on a device are the standard library, "
            "numpy and onnxruntime"
        )
